import { s3Event } from '../../../test/fakes/worker/events';
import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { TransientFault } from './faults';
import { EXCUSED_SECONDS } from './job/delivery';
import { EXIT_CODES } from './log-lines';

const MINUTE = 60;
const DAY = 86_400;
const down = () => new TransientFault('DestinationUnavailable', 'SlowDown');
const denied = () => new TransientFault('AccessDenied', 'no kms:GenerateDataKey');

let world: WorkerUnderTest;

beforeEach(() => {
  world = new WorkerUnderTest();
});

const receives = () => world.queue.requests.filter(({ verb }) => verb === 'receive').length;
const goDown = (error = down()) => {
  world.destination.error = error;
  world.destination.probeError = error.code === 'AccessDenied' ? undefined : error;
};
const comeBack = () => {
  world.destination.error = undefined;
  world.destination.probeError = undefined;
};

/**
 * What the scaler does, with its brake on: one task after the other, a quarter of an hour apart.
 */
async function tasksFor(seconds: number): Promise<number> {
  const end = world.clock.now() + seconds * 1000;
  let tasks = 0;
  while (world.clock.now() < end) {
    world.end = undefined;
    world.start({ maxAttempts: 8 });
    tasks += 1;
    while (!world.end && world.clock.now() < end) await world.clock.advance(MINUTE);
    await world.clock.advance(15 * MINUTE);
  }
  return tasks;
}

describe('a worker in an outage', () => {
  test('stops receiving, does not end as idle, and continues when it is over', async () => {
    goDown();
    world.enqueue(40);
    world.start();
    await world.clock.advance(2);
    const before = receives();
    await world.clock.advance(5 * MINUTE);
    expect([receives(), world.end]).toEqual([before, undefined]);
    comeBack();
    await world.clock.advance(5 * MINUTE);
    expect(world.end).toMatchObject({ reason: 'idle', exitCode: EXIT_CODES.ok });
    expect([world.destination.written.size, world.queue.size, world.deadLetters.letters]).toEqual([
      40,
      0,
      [],
    ]);
  });

  test('reports it by lines and a count, once however often it is tried', async () => {
    goDown(denied());
    world.enqueue(40);
    world.start();
    await world.clock.advance(2 * MINUTE);
    comeBack();
    await world.clock.advance(2 * MINUTE);
    const events = world.lines
      .map(({ event }) => event)
      .filter((event) => event.startsWith('circuit'));
    expect(world.linesOf('circuit-open')[0]).toEqual({
      event: 'circuit-open',
      before: 'closed',
      faultCode: 'AccessDenied',
      faultMessage: 'no kms:GenerateDataKey',
    });
    expect(events.slice(-2)).toEqual(['circuit-half-open', 'circuit-closed']);
    expect(events.filter((event) => event === 'circuit-open').length).toBeGreaterThan(1);
    expect(world.tally.counts.circuitsOpened).toBe(1);
  });

  test('drains after ten minutes and exits 75, with every message released', async () => {
    goDown();
    world.enqueue(40);
    world.start();
    await world.clock.advance(11 * MINUTE);
    expect(world.end).toEqual({
      reason: 'outage',
      exitCode: EXIT_CODES.destinationFailing,
      abandonedJobs: 0,
    });
    expect([world.queue.visible, world.clock.pendingTimers]).toEqual([40, 0]);
  });

  test('drains at once on SIGTERM and exits 0', async () => {
    goDown();
    world.enqueue(40);
    const worker = world.start();
    await world.clock.advance(MINUTE);
    worker.drain();
    await world.clock.advance(1);
    expect(world.end).toMatchObject({ reason: 'drained', exitCode: EXIT_CODES.ok });
  });

  test('costs a job at most one receive of each task while nothing answers', async () => {
    goDown();
    world.enqueue(6);
    world.start({ maxAttempts: 8 });
    await world.clock.advance(11 * MINUTE);
    const counts = world
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
      world.enqueue(6);
      goDown(error());
      const tasks = await tasksFor(DAY);
      expect(tasks).toBeGreaterThan(50);
      expect([world.deadLetters.letters, world.queue.size]).toEqual([[], 6]);
      comeBack();
      await tasksFor(30 * MINUTE);
      expect([world.destination.written.size, world.queue.size]).toEqual([6, 0]);
    },
  );

  test('dead-letters at last what only looks like an outage: denied objects', async () => {
    goDown(denied());
    world.enqueue(6);
    await tasksFor(EXCUSED_SECONDS + DAY);
    expect(world.queue.size).toBe(0);
    expect(
      new Set(world.deadLetters.letters.map(({ attributes }) => attributes.FaultCode)),
    ).toEqual(new Set(['AccessDenied']));
  });

  test('fails when one object alone is refused: it is dead-lettered within minutes', async () => {
    goDown(denied());
    world.enqueue(1);
    world.start({ maxAttempts: 8, idleExitSeconds: 600 });
    await world.clock.advance(6 * MINUTE);
    expect(world.deadLetters.letters[0]?.attributes).toMatchObject({
      FaultCode: 'AccessDenied',
      ReceiveCount: '8',
    });
    expect(world.queue.size).toBe(0);
  });

  test('does not hold an outage against one object alone', async () => {
    goDown();
    world.enqueue(1);
    world.start({ maxAttempts: 8, idleExitSeconds: 600 });
    await world.clock.advance(20 * MINUTE);
    expect([world.deadLetters.letters, world.queue.size]).toEqual([[], 1]);
  });
});

describe('receives that are not the job’s fault', () => {
  /** A task that is interrupted in the middle of its only job. */
  async function interrupted(): Promise<void> {
    world.end = undefined;
    const worker = world.start({ maxAttempts: 8 });
    await world.clock.advance(2);
    worker.drain();
    while (!world.end) await world.clock.advance(1);
  }

  test('twenty Spot interruptions dead-letter nothing; the next task does the job', async () => {
    world.renderFor(45);
    world.enqueue(1);
    for (let interruption = 0; interruption < 20; interruption += 1) await interrupted();
    expect([world.queue.size, world.deadLetters.letters]).toEqual([1, []]);
    expect(world.outcomes).toEqual(Array(20).fill('interrupted'));
    world.renderFor(1);
    world.start({ maxAttempts: 8 });
    await world.clock.advance(MINUTE);
    expect([world.destination.written.size, world.queue.size]).toEqual([1, 0]);
  });

  test('a clean release never leaves a job fewer than half of its attempts', async () => {
    world.renderFor(45);
    world.enqueue(1);
    for (let interruption = 0; interruption < 20; interruption += 1) await interrupted();
    const counts = world
      .linesOf('job')
      .map((line) => (line as { receiveCount: number }).receiveCount);
    expect(Math.max(...counts)).toBe(4);
  });

  test('a message that comes too late for a drain is sent again, too', async () => {
    const worker = world.start({ maxAttempts: 8 });
    await world.clock.advance(1);
    worker.drain();
    world.enqueue(1, 6);
    await world.clock.advance(5);
    expect([world.end?.reason, world.queue.size, world.queue.visible]).toEqual(['drained', 1, 1]);
    expect(world.queue.requests.map(({ verb }) => verb)).toEqual([
      'receive',
      'resend',
      'acknowledge',
    ]);
  });

  test('fails when a job cannot be sent again: its message is released as it is', async () => {
    world.queue.failing = (verb) =>
      verb === 'resend' ? { code: 'AccessDenied', senderFault: true } : undefined;
    const worker = world.start({ maxAttempts: 8 });
    await world.clock.advance(1);
    worker.drain();
    world.queue.send(s3Event('ecsproc/0'), 6);
    await world.clock.advance(5);
    expect([world.queue.size, world.queue.visible, world.queue.visibilityChanges]).toEqual([
      1,
      1,
      [0],
    ]);
    expect(world.linesOf('settlement-failed')).toEqual([
      expect.objectContaining({ verb: 'resend' }),
    ]);
  });

  test('keeps the age of a job that is sent again', async () => {
    const sentAt = world.clock.now();
    await world.clock.advance(100);
    const worker = world.start({ maxAttempts: 8 });
    await world.clock.advance(1);
    worker.drain();
    world.queue.send(s3Event('ecsproc/0'), 6, { sentAt });
    await world.clock.advance(5);
    const [message] = await world.queue.receive(1, 0, new AbortController().signal);
    expect(message).toMatchObject({ sentAt, receiveCount: 1 });
  });
});
