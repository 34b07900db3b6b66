import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { TransientFault } from './faults';
import { BLAMELESS_SECONDS } from './job/delivery';
import { EXIT_CODES } from './log-lines';

const MINUTE = 60;
const DAY = 86_400;
const down = () => new TransientFault('DestinationUnavailable', 'SlowDown');
const denied = () => new TransientFault('AccessDenied', 'no kms:GenerateDataKey');

let pipeline: WorkerUnderTest;

beforeEach(() => {
  pipeline = new WorkerUnderTest();
});

const receives = () => pipeline.queue.requests.filter(({ verb }) => verb === 'receive').length;
const goDown = (error = down()) => {
  pipeline.destination.error = error;
  pipeline.destination.probeError = error.code === 'AccessDenied' ? undefined : error;
};
const comeBack = () => {
  pipeline.destination.error = undefined;
  pipeline.destination.probeError = undefined;
};

/**
 * What the scaler does, with its brake on: one task after the other, a quarter of an hour apart.
 */
async function tasksFor(seconds: number): Promise<number> {
  const end = pipeline.clock.now() + seconds * 1000;
  let tasks = 0;
  while (pipeline.clock.now() < end) {
    pipeline.end = undefined;
    pipeline.start({ maxAttempts: 8 });
    tasks += 1;
    while (!pipeline.end && pipeline.clock.now() < end) await pipeline.clock.advance(MINUTE);
    await pipeline.clock.advance(15 * MINUTE);
  }
  return tasks;
}

describe('a worker in an outage', () => {
  test('stops receiving, does not end as idle, and continues when it is over', async () => {
    goDown();
    pipeline.enqueue(40);
    pipeline.start();
    await pipeline.clock.advance(2);
    const before = receives();
    await pipeline.clock.advance(5 * MINUTE);
    expect([receives(), pipeline.end]).toEqual([before, undefined]);
    comeBack();
    await pipeline.clock.advance(5 * MINUTE);
    expect(pipeline.end).toMatchObject({ reason: 'idle', exitCode: EXIT_CODES.ok });
    expect([
      pipeline.destination.written.size,
      pipeline.queue.size,
      pipeline.deadLetters.letters,
    ]).toEqual([40, 0, []]);
  });

  test('reports it by lines and a count, once however often it is tried', async () => {
    goDown(denied());
    pipeline.enqueue(40);
    pipeline.start();
    await pipeline.clock.advance(2 * MINUTE);
    comeBack();
    await pipeline.clock.advance(2 * MINUTE);
    const events = pipeline.lines
      .map(({ event }) => event)
      .filter((event) => event.startsWith('circuit'));
    expect(pipeline.linesOf('circuit-open')[0]).toEqual({
      event: 'circuit-open',
      before: 'closed',
      faultCode: 'AccessDenied',
      faultMessage: 'no kms:GenerateDataKey',
    });
    expect(events.slice(-2)).toEqual(['circuit-half-open', 'circuit-closed']);
    expect(events.filter((event) => event === 'circuit-open').length).toBeGreaterThan(1);
    expect(pipeline.tally.counts.circuitsOpened).toBe(1);
  });

  test('drains after ten minutes and exits 75, with every message released', async () => {
    goDown();
    pipeline.enqueue(40);
    pipeline.start();
    await pipeline.clock.advance(11 * MINUTE);
    expect(pipeline.end).toEqual({
      reason: 'outage',
      exitCode: EXIT_CODES.destinationFailing,
      abandonedJobs: 0,
    });
    expect([pipeline.queue.visible, pipeline.clock.pendingTimers]).toEqual([40, 0]);
  });

  test('drains at once on SIGTERM and exits 0', async () => {
    goDown();
    pipeline.enqueue(40);
    const worker = pipeline.start();
    await pipeline.clock.advance(MINUTE);
    worker.drain();
    await pipeline.clock.advance(1);
    expect(pipeline.end).toMatchObject({ reason: 'drained', exitCode: EXIT_CODES.ok });
  });

  test('costs a job at most one receive of each task while nothing answers', async () => {
    goDown();
    pipeline.enqueue(6);
    pipeline.start({ maxAttempts: 8 });
    await pipeline.clock.advance(11 * MINUTE);
    const counts = pipeline
      .linesOf('job')
      .map((line) => (line as { receiveCount: number }).receiveCount);
    expect([Math.max(...counts), counts.length <= 6]).toEqual([1, true]);
  });

  test.each([
    ['is down', down],
    ['refuses every write', denied],
  ])(
    'dead-letters nothing while the destination %s for a day, and does everything when it is back',
    async (_what, error) => {
      pipeline.enqueue(6);
      goDown(error());
      const tasks = await tasksFor(DAY);
      expect(tasks).toBeGreaterThan(50);
      expect([pipeline.deadLetters.letters, pipeline.queue.size]).toEqual([[], 6]);
      comeBack();
      await tasksFor(30 * MINUTE);
      expect([pipeline.destination.written.size, pipeline.queue.size]).toEqual([6, 0]);
    },
  );

  test('dead-letters at last what only looks like an outage: denied objects', async () => {
    goDown(denied());
    pipeline.enqueue(6);
    await tasksFor(BLAMELESS_SECONDS + DAY);
    expect(pipeline.queue.size).toBe(0);
    expect(
      new Set(pipeline.deadLetters.letters.map(({ attributes }) => attributes.FaultCode)),
    ).toEqual(new Set(['AccessDenied']));
  });

  test('fails when one object alone is refused: it is dead-lettered within minutes', async () => {
    goDown(denied());
    pipeline.enqueue(1);
    pipeline.start({ maxAttempts: 8, idleExitSeconds: 600 });
    await pipeline.clock.advance(6 * MINUTE);
    expect(pipeline.deadLetters.letters[0]?.attributes).toMatchObject({
      FaultCode: 'AccessDenied',
      ReceiveCount: '8',
    });
    expect(pipeline.queue.size).toBe(0);
  });

  test('does not hold an outage against one object alone', async () => {
    goDown();
    pipeline.enqueue(1);
    pipeline.start({ maxAttempts: 8, idleExitSeconds: 600 });
    await pipeline.clock.advance(20 * MINUTE);
    expect([pipeline.deadLetters.letters, pipeline.queue.size]).toEqual([[], 1]);
  });
});
