import { beforeEach, describe, expect, test } from '@jest/globals';
import { s3Event } from './fakes/events';
import { FakeRenderer, FakeRenditions, FakeSources } from './fakes/fake-buckets';
import { FakeClock } from './fakes/fake-clock';
import { FakeDeadLetterQueue, FakeQueue } from './fakes/fake-queue';
import { TransientFault } from './faults';
import type { EventLine } from './log';
import { EXIT_CODES, type JobLine } from './log-lines';
import { Tally } from './tally';
import { createWorker, type Worker, type WorkerEnd, type WorkerSettings } from './worker';

const settings: WorkerSettings = {
  sourceBucket: 'photos',
  sourcePrefix: 'ecsproc/',
  destinationPrefix: 'processed/',
  recipe: [{ name: 's' }],
  maxSourceBytes: 1000,
  jobConcurrency: 4,
  visibilityTimeoutSeconds: 60,
  jobTimeoutSeconds: 50,
  maxAttempts: 3,
  idleExitSeconds: 20,
  maxTaskSeconds: 3600,
  drainDeadlineSeconds: 40,
};

let clock: FakeClock;
let queue: FakeQueue;
let deadLetters: FakeDeadLetterQueue;
let sources: FakeSources;
let renditions: FakeRenditions;
let renderer: FakeRenderer;
let tally: Tally;
let lines: (JobLine | EventLine)[];
let worker: Worker;
let end: WorkerEnd | undefined;

beforeEach(() => {
  clock = new FakeClock();
  queue = new FakeQueue(clock, settings.visibilityTimeoutSeconds);
  deadLetters = new FakeDeadLetterQueue();
  sources = new FakeSources();
  renditions = new FakeRenditions();
  renderer = new FakeRenderer(['s']);
  tally = new Tally();
  lines = [];
  end = undefined;
});

/** Enqueues so many source objects that exist. */
function enqueue(count: number, receiveCount = 0): void {
  for (let index = 0; index < count; index += 1) {
    sources.put(`ecsproc/${index}`, `body ${index}`);
    queue.send(s3Event(`ecsproc/${index}`), receiveCount);
  }
}

function start(changed: Partial<WorkerSettings> = {}): void {
  worker = createWorker(
    { queue, deadLetters, sources, renditions, renderer },
    { ...settings, ...changed },
    { clock, random: () => 0, tally, log: (_level, line) => void lines.push(line as EventLine) },
  );
  void worker.run().then((ended) => {
    end = ended;
  });
}

/** Makes each render take so many seconds, whatever its signal says; a decoder is like that. */
function renderFor(seconds: number): void {
  renderer.during = () => new Promise((resolve) => void clock.after(seconds * 1000, () => resolve()));
}

const outcomes = () => lines.flatMap((line) => (line.event === 'job' ? [(line as JobLine).outcome] : []));
const linesOf = (event: string) => lines.filter((line) => line.event === event);

describe('a running worker', () => {
  test('drains the queue, acknowledges in batches, and ends when it has been idle', async () => {
    enqueue(25);
    start();
    await clock.advance(18);
    expect([renditions.written.size, queue.size, end]).toEqual([25, 0, undefined]);
    await clock.advance(10);
    expect(end).toEqual({ reason: 'idle', exitCode: EXIT_CODES.ok, abandonedJobs: 0 });
    expect(outcomes()).toEqual(Array(25).fill('done'));
    expect(queue.requests.filter(({ verb }) => verb === 'acknowledge').length).toBeLessThan(10);
    expect(clock.pendingTimers).toBe(0);
  });

  test('does several jobs at a time, and never more than it may', async () => {
    let running = 0;
    const peaks: number[] = [];
    renderer.during = async () => {
      running += 1;
      peaks.push(running);
      await new Promise<void>((resolve) => void clock.after(1000, () => resolve()));
      running -= 1;
    };
    enqueue(20);
    start();
    await clock.advance(30);
    expect(Math.max(...peaks)).toBe(4);
    expect(queue.size).toBe(0);
  });

  test('does not end while a job runs, and keeps its message hidden', async () => {
    renderFor(45);
    enqueue(1);
    start({ visibilityTimeoutSeconds: 60 });
    await clock.advance(44);
    expect([end, queue.visible, queue.visibilityChanges]).toEqual([undefined, 0, [60, 60]]);
    await clock.advance(2);
    expect(outcomes()).toEqual(['done']);
    expect(queue.requests.filter(({ verb }) => verb === 'acknowledge')).toHaveLength(1);
  });

  test('ends on the newest source when one is overwritten during its job', async () => {
    let isFirst = true;
    renderer.during = () => {
      if (isFirst) sources.put('ecsproc/0', 'newer');
      isFirst = false;
    };
    enqueue(1);
    start();
    await clock.advance(1);
    expect(renditions.written.get('processed/s/0')?.body.toString()).toBe('newer');
    expect(queue.size).toBe(0);
  });

  test('acknowledges a source that was deleted meanwhile, with a line and a count', async () => {
    enqueue(1);
    sources.delete('ecsproc/0');
    start();
    await clock.advance(1);
    expect([queue.size, outcomes(), tally.counts.outcomes.gone]).toEqual([0, ['gone'], 1]);
  });

  test('dead-letters a permanent fault at once, then acknowledges it', async () => {
    queue.send('hello');
    start();
    await clock.advance(1);
    expect(deadLetters.letters).toEqual([
      {
        body: 'hello',
        attributes: expect.objectContaining({ FaultCode: 'MalformedMessage', ReceiveCount: '1' }),
      },
    ]);
    expect([queue.size, outcomes()]).toEqual([0, ['dead-lettered']]);
  });

  test('releases a transient fault with a delay that grows, and dead-letters it on the last attempt', async () => {
    renditions.error = new TransientFault('DestinationUnavailable', 'no');
    enqueue(1);
    start();
    await clock.advance(0.5);
    expect([queue.size, queue.visible]).toEqual([1, 0]);
    await clock.advance(20);
    expect(queue.visibilityChanges).toEqual([1, 2]);
    expect(outcomes()).toEqual(['released', 'released', 'dead-lettered']);
    expect(deadLetters.letters[0]?.attributes).toMatchObject({
      FaultCode: 'DestinationUnavailable',
      SourceKey: 'ecsproc%2F0',
      ReceiveCount: '3',
    });
    expect(queue.size).toBe(0);
  });

  test('dead-letters a message that was received too often, before any work', async () => {
    enqueue(1, 3);
    start();
    await clock.advance(1);
    expect(sources.opened).toEqual([]);
    expect(deadLetters.letters[0]?.attributes).toMatchObject({
      FaultCode: 'WorkerLost',
      SourceKey: 'ecsproc%2F0',
    });
    expect(queue.size).toBe(0);
  });

  test('fails when the dead-letter queue does not take a letter: it keeps the message', async () => {
    deadLetters.error = new Error('denied');
    queue.send('hello');
    start();
    await clock.advance(0.5);
    expect([queue.size, outcomes(), linesOf('dead-letter-failed')]).toEqual([
      1,
      ['released'],
      [expect.objectContaining({ error: deadLetters.error })],
    ]);
    deadLetters.error = undefined;
    await clock.advance(10);
    expect([queue.size, deadLetters.letters.length]).toEqual([0, 1]);
  });

  test('acknowledges again what a batch did not take', async () => {
    let failures = 2;
    queue.failing = (verb) => {
      if (verb !== 'acknowledge' || failures === 0) return undefined;
      failures -= 1;
      return { code: 'InternalError', senderFault: false };
    };
    enqueue(5);
    start();
    await clock.advance(5);
    expect([failures, queue.size, outcomes().length]).toEqual([0, 0, 5]);
  });

  test('counts a message that was another worker’s when it was to be acknowledged', async () => {
    renderer.during = () => queue.takeAway();
    enqueue(1);
    start();
    await clock.advance(1);
    expect(tally.counts.lostReceipts).toBe(1);
    expect(linesOf('receipt-lost')).toEqual([expect.objectContaining({ verb: 'acknowledge' })]);
  });

  test('writes nothing for a message that the heartbeat finds lost, and leaves it to its new owner', async () => {
    renderFor(30);
    enqueue(1);
    start();
    await clock.advance(10);
    queue.takeAway();
    await clock.advance(25);
    expect([outcomes(), renditions.written.size, queue.size]).toEqual([['interrupted'], 0, 1]);
    expect([queue.visible, queue.visibilityChanges]).toEqual([0, []]);
  });
});

describe('a worker that ends', () => {
  test('finishes what it holds on SIGTERM, takes no more, and exits 0', async () => {
    renderFor(10);
    enqueue(9);
    start();
    await clock.advance(1);
    worker.drain();
    await clock.advance(12);
    expect(end).toEqual({ reason: 'drained', exitCode: EXIT_CODES.ok, abandonedJobs: 0 });
    expect([outcomes(), queue.size]).toEqual([Array(4).fill('done'), 5]);
  });

  test('releases at once what its last poll brings', async () => {
    start();
    await clock.advance(1);
    worker.drain();
    enqueue(1);
    await clock.advance(1);
    expect([end?.reason, queue.visible, queue.visibilityChanges, sources.opened]).toEqual([
      'drained',
      1,
      [0],
      [],
    ]);
  });

  test('releases before the drain deadline what it cannot finish', async () => {
    renderFor(45);
    enqueue(2);
    start({ jobTimeoutSeconds: 60 });
    await clock.advance(1);
    worker.drain();
    await clock.advance(34);
    expect([queue.visible, end]).toEqual([0, undefined]);
    await clock.advance(5);
    expect(end).toEqual({ reason: 'drained', exitCode: EXIT_CODES.ok, abandonedJobs: 2 });
    expect([queue.visible, outcomes()]).toEqual([2, ['interrupted', 'interrupted']]);
  });

  test('does not wait past the deadline for a queue that does not answer', async () => {
    renderer.during = () => worker.drain();
    enqueue(1);
    queue.acknowledge = () => new Promise(() => undefined);
    start();
    await clock.advance(41);
    expect(end?.reason).toBe('drained');
  });

  test('drains and exits 0 at its greatest age', async () => {
    renderFor(1);
    enqueue(300);
    start({ maxTaskSeconds: 30 });
    await clock.advance(32);
    expect(end).toMatchObject({ reason: 'task-age', exitCode: EXIT_CODES.ok });
    expect(queue.size + renditions.written.size).toBe(300);
    expect(queue.visible).toBe(queue.size);
  });

  test('fails when a job takes too long but works on when its decoder comes back', async () => {
    renderFor(55);
    enqueue(1);
    start();
    await clock.advance(56);
    expect([outcomes(), end, queue.visibilityChanges.at(-1)]).toEqual([['released'], undefined, 1]);
    expect(lines).toContainEqual(expect.objectContaining({ faultCode: 'JobTimeout' }));
  });

  test('fails when a decoder does not come back: others are finished, then it exits non-zero', async () => {
    let isFirst = true;
    renderer.during = () => {
      if (!isFirst) return new Promise((resolve) => void clock.after(5000, () => resolve()));
      isFirst = false;
      return new Promise(() => undefined);
    };
    enqueue(3);
    start();
    await clock.advance(75);
    expect(end).toEqual({ reason: 'job-timeout', exitCode: EXIT_CODES.errorAfterProgress, abandonedJobs: 1 });
    expect(outcomes()).toEqual(['done', 'done', 'released']);
    expect(queue.size).toBe(1);
  });

  test('fails when no job was finished before a decoder hung, with the code that says so', async () => {
    renderer.during = () => new Promise(() => undefined);
    enqueue(1);
    start();
    await clock.advance(75);
    expect(end).toMatchObject({ reason: 'job-timeout', exitCode: EXIT_CODES.error });
  });

  test('fails when the queue cannot be reached', async () => {
    queue.receiveError = new Error('no route');
    start();
    await clock.advance(80);
    expect(end).toEqual({ reason: 'error', exitCode: EXIT_CODES.error, abandonedJobs: 0 });
  });

  test('keeps the first reason to end', async () => {
    renderFor(5);
    enqueue(1);
    start();
    await clock.advance(1);
    worker.drain('task-age');
    worker.drain('drained');
    await clock.advance(10);
    expect(end?.reason).toBe('task-age');
  });
});
