import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { TransientFault } from './faults';
import { EXIT_CODES } from './log-lines';

let world: WorkerUnderTest;

beforeEach(() => {
  world = new WorkerUnderTest();
});

describe('a running worker', () => {
  test('drains the queue, acknowledges in batches, and ends when it has been idle', async () => {
    world.enqueue(25);
    world.start();
    await world.clock.advance(18);
    expect([world.destination.written.size, world.queue.size, world.end]).toEqual([
      25,
      0,
      undefined,
    ]);
    await world.clock.advance(10);
    expect(world.end).toEqual({ reason: 'idle', exitCode: EXIT_CODES.ok, abandonedJobs: 0 });
    expect(world.outcomes).toEqual(Array(25).fill('done'));
    expect(world.queue.requests.filter(({ verb }) => verb === 'acknowledge').length).toBeLessThan(
      10,
    );
    expect(world.clock.pendingTimers).toBe(0);
  });

  test('acknowledges ten at a time while jobs are in hand', async () => {
    world.renderFor(0.2);
    world.enqueue(20);
    world.start();
    await world.clock.advance(5);
    const requests = world.queue.requests.filter(({ verb }) => verb === 'acknowledge');
    expect(requests.map(({ entries }) => entries)).toEqual([10, 10]);
  });

  test('acknowledges at once when its last job is done', async () => {
    world.enqueue(3);
    world.start();
    await world.clock.advance(0.05);
    expect([world.destination.written.size, world.queue.size]).toEqual([3, 0]);
  });

  test('does several jobs at a time, and never more than it may', async () => {
    let running = 0;
    const peaks: number[] = [];
    world.processor.during = async () => {
      running += 1;
      peaks.push(running);
      await new Promise<void>((resolve) => void world.clock.after(1000, () => resolve()));
      running -= 1;
    };
    world.enqueue(20);
    world.start();
    await world.clock.advance(30);
    expect(Math.max(...peaks)).toBe(4);
    expect(world.queue.size).toBe(0);
  });

  test('does not end while a job runs, and keeps its message hidden', async () => {
    world.renderFor(45);
    world.enqueue(1);
    world.start({ visibilityTimeoutSeconds: 60 });
    await world.clock.advance(44);
    expect([world.end, world.queue.visible, world.queue.visibilityChanges]).toEqual([
      undefined,
      0,
      [60, 60],
    ]);
    await world.clock.advance(2);
    expect(world.outcomes).toEqual(['done']);
    expect(world.queue.requests.filter(({ verb }) => verb === 'acknowledge')).toHaveLength(1);
  });

  test('ends on the newest source when one is overwritten during its job', async () => {
    let isFirst = true;
    world.processor.during = () => {
      if (isFirst) world.sources.put('ecsproc/0', 'newer');
      isFirst = false;
    };
    world.enqueue(1);
    world.start();
    await world.clock.advance(1);
    expect(world.destination.written.get('processed/s/0')?.body.toString()).toBe('newer');
    expect(world.queue.size).toBe(0);
  });

  test('acknowledges a source that was deleted meanwhile, with a line and a count', async () => {
    world.enqueue(1);
    world.sources.delete('ecsproc/0');
    world.start();
    await world.clock.advance(1);
    expect([world.queue.size, world.outcomes, world.tally.counts.outcomes.gone]).toEqual([
      0,
      ['gone'],
      1,
    ]);
  });

  test('dead-letters a permanent fault at once, then acknowledges it', async () => {
    world.queue.send('hello');
    world.start();
    await world.clock.advance(1);
    expect(world.deadLetters.letters).toEqual([
      {
        body: 'hello',
        attributes: expect.objectContaining({ FaultCode: 'MalformedMessage', ReceiveCount: '1' }),
      },
    ]);
    expect([world.queue.size, world.outcomes]).toEqual([0, ['dead-lettered']]);
  });

  test('releases a transient fault with growing delays, and dead-letters it at last', async () => {
    world.destination.error = new TransientFault('DestinationUnavailable', 'no');
    world.enqueue(1);
    world.start();
    await world.clock.advance(0.5);
    expect([world.queue.size, world.queue.visible]).toEqual([1, 0]);
    await world.clock.advance(20);
    expect(world.queue.visibilityChanges).toEqual([1, 2]);
    expect(world.outcomes).toEqual(['released', 'released', 'dead-lettered']);
    expect(world.deadLetters.letters[0]?.attributes).toMatchObject({
      FaultCode: 'DestinationUnavailable',
      SourceKey: 'ecsproc%2F0',
      ReceiveCount: '3',
    });
    expect(world.queue.size).toBe(0);
  });

  test('dead-letters a message that was received too often, before any work', async () => {
    world.enqueue(1, 3);
    world.start();
    await world.clock.advance(1);
    expect(world.sources.opened).toEqual([]);
    expect(world.deadLetters.letters[0]?.attributes).toMatchObject({
      FaultCode: 'WorkerLost',
      SourceKey: 'ecsproc%2F0',
    });
    expect(world.queue.size).toBe(0);
  });

  test('fails when the dead-letter queue refuses a letter: it keeps the message', async () => {
    world.deadLetters.error = new Error('denied');
    world.queue.send('hello');
    world.start();
    await world.clock.advance(0.5);
    expect([world.queue.size, world.outcomes, world.linesOf('dead-letter-failed')]).toEqual([
      1,
      ['released'],
      [expect.objectContaining({ error: world.deadLetters.error })],
    ]);
    world.deadLetters.error = undefined;
    await world.clock.advance(10);
    expect([world.queue.size, world.deadLetters.letters.length]).toEqual([0, 1]);
  });

  test('acknowledges again what a batch did not take', async () => {
    let failures = 2;
    world.queue.failing = (verb) => {
      if (verb !== 'acknowledge' || failures === 0) return undefined;
      failures -= 1;
      return { code: 'InternalError', senderFault: false };
    };
    world.enqueue(5);
    world.start();
    await world.clock.advance(5);
    expect([failures, world.queue.size, world.outcomes.length]).toEqual([0, 0, 5]);
  });
});
