import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { EXIT_CODES } from './log-lines';

let pipeline: WorkerUnderTest;

beforeEach(() => {
  pipeline = new WorkerUnderTest();
});

describe('a worker that ends', () => {
  test('finishes what it holds on SIGTERM, takes nothing else, and exits 0', async () => {
    pipeline.renderFor(10);
    pipeline.enqueue(9);
    const worker = pipeline.start();
    await pipeline.clock.advance(1);
    worker.drain();
    await pipeline.clock.advance(12);
    expect(pipeline.end).toEqual({ reason: 'drained', exitCode: EXIT_CODES.ok, abandonedJobs: 0 });
    expect([pipeline.outcomes, pipeline.queue.size]).toEqual([Array(4).fill('done'), 5]);
  });

  test('releases at once what its last poll brings', async () => {
    const worker = pipeline.start();
    await pipeline.clock.advance(1);
    worker.drain();
    pipeline.enqueue(1);
    await pipeline.clock.advance(1);
    expect([
      pipeline.end?.reason,
      pipeline.queue.visible,
      pipeline.queue.visibilityChanges,
      pipeline.sources.opened,
    ]).toEqual(['drained', 1, [0], []]);
  });

  test('releases before the drain deadline what it cannot finish', async () => {
    pipeline.renderFor(45);
    pipeline.enqueue(2);
    const worker = pipeline.start({ jobTimeoutSeconds: 60 });
    await pipeline.clock.advance(1);
    worker.drain();
    await pipeline.clock.advance(34);
    expect([pipeline.queue.visible, pipeline.end]).toEqual([0, undefined]);
    await pipeline.clock.advance(5);
    expect(pipeline.end).toEqual({ reason: 'drained', exitCode: EXIT_CODES.ok, abandonedJobs: 2 });
    expect([pipeline.queue.visible, pipeline.outcomes]).toEqual([
      2,
      ['interrupted', 'interrupted'],
    ]);
  });

  test('waits for the release of a message however close the deadline is', async () => {
    pipeline.renderFor(45);
    pipeline.enqueue(1);
    const { changeVisibility } = pipeline.queue;
    pipeline.queue.changeVisibility = async (changes) => {
      await new Promise<void>((resolve) => void pipeline.clock.after(900, () => resolve()));
      return changeVisibility.call(pipeline.queue, changes);
    };
    const worker = pipeline.start({ drainDeadlineSeconds: 1 });
    await pipeline.clock.advance(1);
    worker.drain();
    await pipeline.clock.advance(3);
    expect([pipeline.end?.reason, pipeline.visibleAtEnd]).toEqual(['drained', 1]);
  });

  test('breaks a poll off that does not end by itself, before the deadline', async () => {
    pipeline.queue.receive = (_maxMessages, _waitSeconds, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );
    const worker = pipeline.start();
    await pipeline.clock.advance(1);
    worker.drain();
    await pipeline.clock.advance(30);
    expect(pipeline.end).toBeUndefined();
    await pipeline.clock.advance(9);
    expect(pipeline.end?.reason).toBe('drained');
  });

  test('does not wait past the deadline for a queue that does not answer', async () => {
    pipeline.processor.during = () => worker.drain();
    pipeline.enqueue(1);
    pipeline.queue.acknowledge = () => new Promise(() => undefined);
    const worker = pipeline.start();
    await pipeline.clock.advance(41);
    expect(pipeline.end?.reason).toBe('drained');
  });

  test('drains and exits 0 at its greatest age', async () => {
    pipeline.renderFor(1);
    pipeline.enqueue(300);
    pipeline.start({ maxTaskSeconds: 30 });
    await pipeline.clock.advance(32);
    expect(pipeline.end).toMatchObject({ reason: 'task-age', exitCode: EXIT_CODES.ok });
    expect(pipeline.queue.size + pipeline.destination.written.size).toBe(300);
    expect(pipeline.queue.visible).toBe(pipeline.queue.size);
  });

  test('fails when a job takes too long but works on when its decoder comes back', async () => {
    pipeline.renderFor(55);
    pipeline.enqueue(1);
    pipeline.start();
    await pipeline.clock.advance(56);
    expect([pipeline.outcomes, pipeline.end, pipeline.queue.visibilityChanges.at(-1)]).toEqual([
      ['released'],
      undefined,
      1,
    ]);
    expect(pipeline.lines).toContainEqual(expect.objectContaining({ faultCode: 'JobTimeout' }));
  });

  test('fails when a decoder does not end: others finish, then it exits non-zero', async () => {
    let isFirst = true;
    pipeline.processor.during = () => {
      if (!isFirst)
        return new Promise((resolve) => void pipeline.clock.after(5000, () => resolve()));
      isFirst = false;
      return new Promise(() => undefined);
    };
    pipeline.enqueue(3);
    pipeline.start();
    await pipeline.clock.advance(75);
    expect(pipeline.end).toEqual({
      reason: 'job-timeout',
      exitCode: EXIT_CODES.errorAfterProgress,
      abandonedJobs: 1,
    });
    expect(pipeline.outcomes).toEqual(['done', 'done', 'released']);
    expect(pipeline.queue.size).toBe(1);
  });

  test('fails when a decoder hung before any finished job, with the code for that', async () => {
    pipeline.processor.during = () => new Promise(() => undefined);
    pipeline.enqueue(1);
    pipeline.start();
    await pipeline.clock.advance(75);
    expect(pipeline.end).toMatchObject({ reason: 'job-timeout', exitCode: EXIT_CODES.error });
  });

  test('fails when the queue cannot be reached', async () => {
    pipeline.queue.receiveError = new Error('no route');
    pipeline.start();
    await pipeline.clock.advance(80);
    expect(pipeline.end).toEqual({ reason: 'error', exitCode: EXIT_CODES.error, abandonedJobs: 0 });
  });

  test('keeps the first reason to end', async () => {
    pipeline.renderFor(5);
    pipeline.enqueue(1);
    const worker = pipeline.start();
    await pipeline.clock.advance(1);
    worker.drain('task-age');
    worker.drain('drained');
    await pipeline.clock.advance(10);
    expect(pipeline.end?.reason).toBe('task-age');
  });
});
