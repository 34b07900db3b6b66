import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { EXIT_CODES } from './log-lines';

let world: WorkerUnderTest;

beforeEach(() => {
  world = new WorkerUnderTest();
});

describe('a worker that ends', () => {
  test('finishes what it holds on SIGTERM, takes nothing else, and exits 0', async () => {
    world.renderFor(10);
    world.enqueue(9);
    const worker = world.start();
    await world.clock.advance(1);
    worker.drain();
    await world.clock.advance(12);
    expect(world.end).toEqual({ reason: 'drained', exitCode: EXIT_CODES.ok, abandonedJobs: 0 });
    expect([world.outcomes, world.queue.size]).toEqual([Array(4).fill('done'), 5]);
  });

  test('releases at once what its last poll brings', async () => {
    const worker = world.start();
    await world.clock.advance(1);
    worker.drain();
    world.enqueue(1);
    await world.clock.advance(1);
    expect([
      world.end?.reason,
      world.queue.visible,
      world.queue.visibilityChanges,
      world.sources.opened,
    ]).toEqual(['drained', 1, [0], []]);
  });

  test('releases before the drain deadline what it cannot finish', async () => {
    world.renderFor(45);
    world.enqueue(2);
    const worker = world.start({ jobTimeoutSeconds: 60 });
    await world.clock.advance(1);
    worker.drain();
    await world.clock.advance(34);
    expect([world.queue.visible, world.end]).toEqual([0, undefined]);
    await world.clock.advance(5);
    expect(world.end).toEqual({ reason: 'drained', exitCode: EXIT_CODES.ok, abandonedJobs: 2 });
    expect([world.queue.visible, world.outcomes]).toEqual([2, ['interrupted', 'interrupted']]);
  });

  test('waits for the release of a message however close the deadline is', async () => {
    world.renderFor(45);
    world.enqueue(1);
    const { changeVisibility } = world.queue;
    world.queue.changeVisibility = async (changes) => {
      await new Promise<void>((resolve) => void world.clock.after(900, () => resolve()));
      return changeVisibility.call(world.queue, changes);
    };
    const worker = world.start({ drainDeadlineSeconds: 1 });
    await world.clock.advance(1);
    worker.drain();
    await world.clock.advance(3);
    expect([world.end?.reason, world.visibleAtEnd]).toEqual(['drained', 1]);
  });

  test('breaks a poll off that does not end by itself, before the deadline', async () => {
    world.queue.receive = (_maxMessages, _waitSeconds, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );
    const worker = world.start();
    await world.clock.advance(1);
    worker.drain();
    await world.clock.advance(30);
    expect(world.end).toBeUndefined();
    await world.clock.advance(9);
    expect(world.end?.reason).toBe('drained');
  });

  test('does not wait past the deadline for a queue that does not answer', async () => {
    world.processor.during = () => worker.drain();
    world.enqueue(1);
    world.queue.acknowledge = () => new Promise(() => undefined);
    const worker = world.start();
    await world.clock.advance(41);
    expect(world.end?.reason).toBe('drained');
  });

  test('drains and exits 0 at its greatest age', async () => {
    world.renderFor(1);
    world.enqueue(300);
    world.start({ maxTaskSeconds: 30 });
    await world.clock.advance(32);
    expect(world.end).toMatchObject({ reason: 'task-age', exitCode: EXIT_CODES.ok });
    expect(world.queue.size + world.destination.written.size).toBe(300);
    expect(world.queue.visible).toBe(world.queue.size);
  });

  test('fails when a job takes too long but works on when its decoder comes back', async () => {
    world.renderFor(55);
    world.enqueue(1);
    world.start();
    await world.clock.advance(56);
    expect([world.outcomes, world.end, world.queue.visibilityChanges.at(-1)]).toEqual([
      ['released'],
      undefined,
      1,
    ]);
    expect(world.lines).toContainEqual(expect.objectContaining({ faultCode: 'JobTimeout' }));
  });

  test('fails when a decoder does not end: others finish, then it exits non-zero', async () => {
    let isFirst = true;
    world.processor.during = () => {
      if (!isFirst) return new Promise((resolve) => void world.clock.after(5000, () => resolve()));
      isFirst = false;
      return new Promise(() => undefined);
    };
    world.enqueue(3);
    world.start();
    await world.clock.advance(75);
    expect(world.end).toEqual({
      reason: 'job-timeout',
      exitCode: EXIT_CODES.errorAfterProgress,
      abandonedJobs: 1,
    });
    expect(world.outcomes).toEqual(['done', 'done', 'released']);
    expect(world.queue.size).toBe(1);
  });

  test('fails when a decoder hung before any finished job, with the code for that', async () => {
    world.processor.during = () => new Promise(() => undefined);
    world.enqueue(1);
    world.start();
    await world.clock.advance(75);
    expect(world.end).toMatchObject({ reason: 'job-timeout', exitCode: EXIT_CODES.error });
  });

  test('fails when the queue cannot be reached', async () => {
    world.queue.receiveError = new Error('no route');
    world.start();
    await world.clock.advance(80);
    expect(world.end).toEqual({ reason: 'error', exitCode: EXIT_CODES.error, abandonedJobs: 0 });
  });

  test('keeps the first reason to end', async () => {
    world.renderFor(5);
    world.enqueue(1);
    const worker = world.start();
    await world.clock.advance(1);
    worker.drain('task-age');
    worker.drain('drained');
    await world.clock.advance(10);
    expect(world.end?.reason).toBe('task-age');
  });
});
