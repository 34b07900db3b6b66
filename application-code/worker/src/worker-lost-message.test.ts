import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { pause } from './clock';
import { TransientFault } from './faults';

let world: WorkerUnderTest;

beforeEach(() => {
  world = new WorkerUnderTest();
});

describe('a worker whose message another worker holds', () => {
  test('counts a message that was another worker’s when it was to be acknowledged', async () => {
    world.processor.during = () => world.queue.takeAway();
    world.enqueue(1);
    world.start();
    await world.clock.advance(1);
    expect(world.tally.counts.lostReceipts).toBe(1);
    expect(world.linesOf('receipt-lost')).toEqual([
      expect.objectContaining({ verb: 'acknowledge' }),
    ]);
  });

  test.each([
    ['continues', 'settled', undefined],
    [
      'is sent again where it cannot continue',
      'settled',
      new TransientFault('SourceUnavailable', 'SlowDown'),
    ],
    ['continues', 'extended', undefined],
    [
      'is sent again where it cannot continue',
      'extended',
      new TransientFault('SourceUnavailable', 'SlowDown'),
    ],
  ])(
    'ends on the newest source after an older write for a lost message: it %s, lost when %s',
    async (_what, foundWhen, error) => {
      const look = world.sources.look.bind(world.sources);
      world.sources.look = async (...given) => {
        world.sources.look = look;
        // Meanwhile another worker does the job with the newer source, and acknowledges the
        // message.
        world.sources.put('ecsproc/0', 'newer');
        if (foundWhen === 'extended') world.queue.purge();
        await pause(world.clock, 25_000);
        world.queue.purge();
        if (error) throw error;
        return look(...given);
      };
      world.enqueue(1);
      world.start();
      await world.clock.advance(60);
      expect(world.destination.written.get('processed/s/0')?.body.toString()).toBe('newer');
      expect(world.queue.requests.some(({ verb }) => verb === 'resend')).toBe(error !== undefined);
      expect([world.queue.size, world.deadLetters.letters]).toEqual([0, []]);
    },
  );

  test.each([
    ['failed', () => Promise.reject(new TransientFault('DestinationUnavailable', 'ECONNRESET'))],
    ['was never answered', () => new Promise<never>(() => undefined)],
  ])(
    'sends a job again whose write took effect but %s, when its message is lost',
    async (_what, end) => {
      const write = world.destination.write.bind(world.destination);
      world.destination.write = async (...given) => {
        world.destination.write = write;
        // Meanwhile another worker does the job with the newer source, and acknowledges the
        // message.
        world.sources.put('ecsproc/0', 'newer');
        world.queue.purge();
        await pause(world.clock, 25_000);
        await write(...given);
        return end();
      };
      world.enqueue(1);
      world.start();
      await world.clock.advance(90);
      world.start();
      await world.clock.advance(30);
      expect(world.destination.written.get('processed/s/0')?.body.toString()).toBe('newer');
      expect([world.queue.size, world.deadLetters.letters]).toEqual([0, []]);
    },
  );

  test('writes nothing for a message that the heartbeat finds lost', async () => {
    world.renderFor(30);
    world.enqueue(1);
    world.start();
    await world.clock.advance(10);
    world.queue.takeAway();
    await world.clock.advance(25);
    expect([world.outcomes, world.destination.written.size, world.queue.size]).toEqual([
      ['interrupted'],
      0,
      1,
    ]);
    expect([world.queue.visible, world.queue.visibilityChanges]).toEqual([0, []]);
    expect(world.tally.counts.lostReceipts).toBe(1);
    expect(world.linesOf('receipt-lost')).toEqual([expect.objectContaining({ verb: 'extend' })]);
  });
});
