import fc from 'fast-check';
import { s3Event } from '../../../test/fakes/worker/events';
import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { Interruption, TransientFault } from './faults';
import type { OnInterruption } from './workload/recipe';

const MINUTE = 60;
const MOST = 4;

let pipeline: WorkerUnderTest;

beforeEach(() => {
  pipeline = new WorkerUnderTest();
});

const lives = fc.array(
  fc.record({
    /** Seconds after which SIGTERM comes, of a job of 20 s. */
    drainAt: fc.integer({ min: 1, max: 30 }),
    isFailing: fc.boolean(),
    onInterruption: fc.constantFrom<OnInterruption>('finish', 'stop'),
  }),
  { maxLength: 12 },
);

test('whatever ends its tasks, a job is done, or `Interrupted` at exactly its bound', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async (given) => {
      const one = new WorkerUnderTest({ maxInterruptions: MOST, maxAttempts: 50 });
      one.enqueue(1);
      one.renderFor(20);
      for (const { drainAt, isFailing, onInterruption } of given) {
        if (isFailing) one.sources.errors.push(new TransientFault('SourceUnavailable', 'SlowDown'));
        const worker = one.start({ drainDeadlineSeconds: 8, onInterruption });
        await one.clock.advance(drainAt);
        worker.drain();
        await one.clock.advance(10);
      }
      const interruptions = one.outcomes.filter((outcome) => outcome === 'interrupted').length;
      const letters = one.deadLetters.letters.map(({ attributes }) => attributes.FaultCode);
      const isOver = interruptions >= MOST - 1 && letters.length > 0;
      expect(letters).toEqual(isOver ? ['Interrupted'] : []);
      expect(interruptions).toBeLessThan(MOST);
      for (const { interruptions: carried } of one.queue.messages)
        expect(carried).toBe(interruptions);
      expect(one.queue.size + one.destination.written.size + letters.length).toBe(1);
    }),
  );
});

describe('receives that are not the job’s fault', () => {
  /** A task that is interrupted in the middle of its only job. */
  async function interrupted(): Promise<void> {
    pipeline.end = undefined;
    const worker = pipeline.start({ maxAttempts: 8 });
    await pipeline.clock.advance(2);
    worker.drain();
    while (!pipeline.end) await pipeline.clock.advance(1);
  }

  const interruptedTimes = async (times: number) => {
    pipeline.renderFor(45);
    for (let interruption = 0; interruption < times; interruption += 1) await interrupted();
  };

  test('nineteen Spot interruptions dead-letter nothing; the next task does the job', async () => {
    pipeline.enqueue(1, 6);
    await interruptedTimes(19);
    expect([pipeline.queue.size, pipeline.deadLetters.letters]).toEqual([1, []]);
    expect(pipeline.outcomes).toEqual(Array(19).fill('interrupted'));
    pipeline.renderFor(1);
    pipeline.start({ maxAttempts: 8 });
    await pipeline.clock.advance(MINUTE);
    expect([pipeline.destination.written.size, pipeline.queue.size]).toEqual([1, 0]);
  });

  test('fails when a job is interrupted the twentieth time: its dead letter says so', async () => {
    pipeline.enqueue(1);
    await interruptedTimes(20);
    expect(pipeline.deadLetters.letters.map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({ FaultCode: 'Interrupted', SourceKey: 'ecsproc%2F0' }),
    ]);
    expect([pipeline.queue.size, pipeline.outcomes.at(-1)]).toEqual([0, 'dead-lettered']);
  });

  test('an interruption leaves a job all of its attempts', async () => {
    pipeline.enqueue(1, 6);
    await interruptedTimes(3);
    expect(
      pipeline.linesOf('job').map((line) => 'receiveCount' in line && line.receiveCount),
    ).toEqual([7, 1, 1]);
  });

  test('reports no job as interrupted too often whose message another worker holds', async () => {
    pipeline.renderFor(45);
    pipeline.sources.put('ecsproc/0', 'body');
    pipeline.queue.send(s3Event('ecsproc/0'), 0, { interruptions: 19 });
    pipeline.start();
    await pipeline.clock.advance(1);
    pipeline.queue.takeAway();
    await pipeline.clock.advance(50);
    expect([pipeline.outcomes, pipeline.deadLetters.letters]).toEqual([['interrupted'], []]);
  });

  test('a workload can call its job interrupted; it comes back after growing delays', async () => {
    pipeline.processor.during = () => {
      throw new Interruption('Another job has filled the disk.');
    };
    pipeline.enqueue(1);
    pipeline.start({ maxInterruptions: 4 });
    await pipeline.clock.advance(20);
    expect(pipeline.outcomes).toEqual([...Array(3).fill('interrupted'), 'dead-lettered']);
    expect(pipeline.linesOf('job')[0]).toMatchObject({
      because: 'Another job has filled the disk.',
    });
    const startedAt = pipeline.lines.flatMap((line) =>
      'messageId' in line ? [line.messageId] : [],
    );
    expect(new Set(startedAt).size).toBe(4);
  });

  test('a message that comes too late for a drain is sent again, too', async () => {
    const worker = pipeline.start({ maxAttempts: 8 });
    await pipeline.clock.advance(1);
    worker.drain();
    pipeline.enqueue(1, 6);
    await pipeline.clock.advance(5);
    expect([pipeline.end?.reason, pipeline.queue.size, pipeline.queue.visible]).toEqual([
      'drained',
      1,
      1,
    ]);
    expect(pipeline.queue.requests.map(({ verb }) => verb)).toEqual([
      'receive',
      'resend',
      'acknowledge',
    ]);
  });

  test('fails when a job cannot be sent again: its message is released as it is', async () => {
    pipeline.queue.failing = (verb) =>
      verb === 'resend' ? { code: 'AccessDenied', senderFault: true } : undefined;
    const worker = pipeline.start({ maxAttempts: 8 });
    await pipeline.clock.advance(1);
    worker.drain();
    pipeline.queue.send(s3Event('ecsproc/0'), 6);
    await pipeline.clock.advance(5);
    expect([pipeline.queue.size, pipeline.queue.visible, pipeline.queue.visibilityChanges]).toEqual(
      [1, 1, [0]],
    );
    expect(pipeline.linesOf('settlement-failed')).toEqual([
      expect.objectContaining({ verb: 'resend' }),
    ]);
  });

  test('keeps the age of a job that is sent again', async () => {
    const sentAt = pipeline.clock.now();
    await pipeline.clock.advance(100);
    const worker = pipeline.start({ maxAttempts: 8 });
    await pipeline.clock.advance(1);
    worker.drain();
    pipeline.queue.send(s3Event('ecsproc/0'), 6, { sentAt });
    await pipeline.clock.advance(5);
    const [message] = await pipeline.queue.receive(1, 0, new AbortController().signal);
    expect(message).toMatchObject({ sentAt, receiveCount: 1 });
  });
});
