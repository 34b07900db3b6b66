import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { EXIT_CODES } from './log-lines';
import { drainTimes } from './worker-end';

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

  test('finishes at its greatest age what takes longer than any deadline', async () => {
    pipeline.renderFor(2_000);
    pipeline.enqueue(6);
    pipeline.start({ maxTaskSeconds: 30, jobTimeoutSeconds: 3_000 });
    await pipeline.clock.advance(1_990);
    expect([pipeline.end, pipeline.outcomes]).toEqual([undefined, []]);
    await pipeline.clock.advance(20);
    expect(pipeline.end).toEqual({ reason: 'task-age', exitCode: EXIT_CODES.ok, abandonedJobs: 0 });
    expect(pipeline.outcomes).toEqual(Array(4).fill('done'));
    expect(pipeline.queue.redeliveries).toBe(0);
  });

  test('waits at its greatest age no longer than a job may take', async () => {
    pipeline.processor.during = () => new Promise(() => undefined);
    pipeline.enqueue(1);
    pipeline.start({ maxTaskSeconds: 30, jobTimeoutSeconds: 600 });
    await pipeline.clock.advance(599);
    expect(pipeline.end).toBeUndefined();
    await pipeline.clock.advance(30);
    expect([pipeline.end?.reason, pipeline.outcomes]).toEqual(['task-age', ['released']]);
  });

  test('keeps the drain deadline when SIGTERM comes to a task that is too old', async () => {
    pipeline.renderFor(2_000);
    pipeline.enqueue(1);
    const worker = pipeline.start({ maxTaskSeconds: 30, jobTimeoutSeconds: 3_000 });
    await pipeline.clock.advance(100);
    worker.drain();
    await pipeline.clock.advance(40);
    expect(pipeline.end).toMatchObject({ reason: 'task-age', exitCode: EXIT_CODES.ok });
    expect([pipeline.outcomes, pipeline.queue.visible]).toEqual([['interrupted'], 1]);
  });

  test.each([
    ['finish', 25],
    ['stop', 0],
  ] as const)('on SIGTERM a workload that says %s has its job end', async (what, seconds) => {
    const ended: number[] = [];
    pipeline.processor.during = (_source, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ended.push(pipeline.clock.now());
          pipeline.clock.after(5_000, () => reject(signal.reason));
        });
      });
    pipeline.enqueue(1);
    const worker = pipeline.start({ onInterruption: what });
    await pipeline.clock.advance(3);
    const at = pipeline.clock.now();
    worker.drain();
    await pipeline.clock.advance(seconds + 6);
    expect(ended.map((one) => (one - at) / 1000)).toEqual([seconds]);
    expect(pipeline.end).toMatchObject({ reason: 'drained', abandonedJobs: 0 });
    expect([pipeline.outcomes, pipeline.queue.visible]).toEqual([['interrupted'], 1]);
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

test.each([
  [100, 82, 95, 'a program has thirteen seconds to end, and the queue five'],
  [20, 10, 15, 'a short deadline leaves the jobs half of it'],
  [1, 0.5, 0.75, 'however short it is'],
])(
  'with a deadline of %d s jobs are cancelled after %d s, and given up after %d s: %s',
  (deadline, cancelJobs, giveUp) => {
    expect(drainTimes(deadline)).toEqual({ cancelJobs, giveUp });
  },
);
