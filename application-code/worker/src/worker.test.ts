import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { TransientFault } from './faults';
import { EXIT_CODES } from './log-lines';

let pipeline: WorkerUnderTest;

beforeEach(() => {
  pipeline = new WorkerUnderTest();
});

describe('a running worker', () => {
  test('drains the queue, acknowledges in batches, and ends when it has been idle', async () => {
    pipeline.enqueue(25);
    pipeline.start();
    await pipeline.clock.advance(18);
    expect([pipeline.destination.written.size, pipeline.queue.size, pipeline.end]).toEqual([
      25,
      0,
      undefined,
    ]);
    await pipeline.clock.advance(10);
    expect(pipeline.end).toEqual({ reason: 'idle', exitCode: EXIT_CODES.ok, abandonedJobs: 0 });
    expect(pipeline.outcomes).toEqual(Array(25).fill('done'));
    expect(
      pipeline.queue.requests.filter(({ verb }) => verb === 'acknowledge').length,
    ).toBeLessThan(10);
    expect(pipeline.clock.pendingTimers).toBe(0);
  });

  test('tells each job its source, its attempt and an id of its own', async () => {
    const told: unknown[] = [];
    pipeline.processor.during = ({ bucket, key, etag }, _signal, { id, attempt, sentAt }) =>
      void told.push([id, bucket, key, etag, attempt, sentAt]);
    pipeline.enqueue(2, 1);
    const sentAt = new Date(pipeline.clock.now());
    pipeline.start();
    await pipeline.clock.advance(5);
    expect(told).toEqual([
      ['m1-1', 'photos', 'ecsproc/0', '"v1"', 2, sentAt],
      ['m2-2', 'photos', 'ecsproc/1', '"v2"', 2, sentAt],
    ]);
  });

  test('acknowledges ten at a time while jobs are in hand', async () => {
    pipeline.renderFor(0.2);
    pipeline.enqueue(20);
    pipeline.start();
    await pipeline.clock.advance(5);
    const requests = pipeline.queue.requests.filter(({ verb }) => verb === 'acknowledge');
    expect(requests.map(({ entries }) => entries)).toEqual([10, 10]);
  });

  test('acknowledges at once when its last job is done', async () => {
    pipeline.enqueue(3);
    pipeline.start();
    await pipeline.clock.advance(0.05);
    expect([pipeline.destination.written.size, pipeline.queue.size]).toEqual([3, 0]);
  });

  test('does several jobs at a time, and never more than it may', async () => {
    let running = 0;
    const peaks: number[] = [];
    pipeline.processor.during = async () => {
      running += 1;
      peaks.push(running);
      await new Promise<void>((resolve) => void pipeline.clock.after(1000, () => resolve()));
      running -= 1;
    };
    pipeline.enqueue(20);
    pipeline.start();
    await pipeline.clock.advance(30);
    expect(Math.max(...peaks)).toBe(4);
    expect(pipeline.queue.size).toBe(0);
  });

  test('does not end while a job runs, and keeps its message hidden', async () => {
    pipeline.renderFor(45);
    pipeline.enqueue(1);
    pipeline.start({ visibilityTimeoutSeconds: 60 });
    await pipeline.clock.advance(44);
    expect([pipeline.end, pipeline.queue.visible, pipeline.queue.visibilityChanges]).toEqual([
      undefined,
      0,
      [60, 60],
    ]);
    await pipeline.clock.advance(2);
    expect(pipeline.outcomes).toEqual(['done']);
    expect(pipeline.queue.requests.filter(({ verb }) => verb === 'acknowledge')).toHaveLength(1);
  });

  test('ends on the newest source when one is overwritten during its job', async () => {
    let isFirst = true;
    pipeline.processor.during = () => {
      if (isFirst) pipeline.sources.put('ecsproc/0', 'newer');
      isFirst = false;
    };
    pipeline.enqueue(1);
    pipeline.start();
    await pipeline.clock.advance(1);
    expect(pipeline.destination.written.text('processed/s/0')).toBe('newer');
    expect(pipeline.queue.size).toBe(0);
  });

  test('acknowledges a source that was deleted meanwhile, with a line and a count', async () => {
    pipeline.enqueue(1);
    pipeline.sources.delete('ecsproc/0');
    pipeline.start();
    await pipeline.clock.advance(1);
    expect([pipeline.queue.size, pipeline.outcomes, pipeline.tally.counts.outcomes.gone]).toEqual([
      0,
      ['gone'],
      1,
    ]);
  });

  test('dead-letters a permanent fault at once, then acknowledges it', async () => {
    pipeline.queue.send('hello');
    pipeline.start();
    await pipeline.clock.advance(1);
    expect(pipeline.deadLetters.letters).toEqual([
      {
        body: 'hello',
        attributes: expect.objectContaining({ FaultCode: 'MalformedMessage', ReceiveCount: '1' }),
      },
    ]);
    expect([pipeline.queue.size, pipeline.outcomes]).toEqual([0, ['dead-lettered']]);
  });

  test('releases a transient fault with growing delays, and dead-letters it at last', async () => {
    pipeline.destination.error = new TransientFault('DestinationUnavailable', 'no');
    pipeline.enqueue(1);
    pipeline.start();
    await pipeline.clock.advance(0.5);
    expect([pipeline.queue.size, pipeline.queue.visible]).toEqual([1, 0]);
    await pipeline.clock.advance(20);
    expect(pipeline.queue.visibilityChanges).toEqual([1, 2]);
    expect(pipeline.outcomes).toEqual(['released', 'released', 'dead-lettered']);
    expect(pipeline.deadLetters.letters[0]?.attributes).toMatchObject({
      FaultCode: 'DestinationUnavailable',
      SourceKey: 'ecsproc%2F0',
      ReceiveCount: '3',
    });
    expect(pipeline.queue.size).toBe(0);
  });

  test('dead-letters a message that was received too often, before any work', async () => {
    pipeline.enqueue(1, 3);
    pipeline.start();
    await pipeline.clock.advance(1);
    expect(pipeline.sources.opened).toEqual([]);
    expect(pipeline.deadLetters.letters[0]?.attributes).toMatchObject({
      FaultCode: 'WorkerLost',
      SourceKey: 'ecsproc%2F0',
    });
    expect(pipeline.queue.size).toBe(0);
  });

  test('fails when the dead-letter queue refuses a letter: it keeps the message', async () => {
    pipeline.deadLetters.error = new Error('denied');
    pipeline.queue.send('hello');
    pipeline.start();
    await pipeline.clock.advance(0.5);
    expect([
      pipeline.queue.size,
      pipeline.outcomes,
      pipeline.linesOf('dead-letter-failed'),
    ]).toEqual([1, ['released'], [expect.objectContaining({ error: pipeline.deadLetters.error })]]);
    pipeline.deadLetters.error = undefined;
    await pipeline.clock.advance(10);
    expect([pipeline.queue.size, pipeline.deadLetters.letters.length]).toEqual([0, 1]);
  });

  test('acknowledges again what a batch did not take', async () => {
    let failures = 2;
    pipeline.queue.failing = (verb) => {
      if (verb !== 'acknowledge' || failures === 0) return undefined;
      failures -= 1;
      return { code: 'InternalError', senderFault: false };
    };
    pipeline.enqueue(5);
    pipeline.start();
    await pipeline.clock.advance(5);
    expect([failures, pipeline.queue.size, pipeline.outcomes.length]).toEqual([0, 0, 5]);
  });
});
