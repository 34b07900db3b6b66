import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { pause } from './clock';
import { TransientFault } from './faults';

let pipeline: WorkerUnderTest;

beforeEach(() => {
  pipeline = new WorkerUnderTest();
});

describe('a worker whose message another worker holds', () => {
  test('counts a message that was another worker’s when it was to be acknowledged', async () => {
    pipeline.processor.during = () => pipeline.queue.takeAway();
    pipeline.enqueue(1);
    pipeline.start();
    await pipeline.clock.advance(1);
    expect(pipeline.tally.counts.lostReceipts).toBe(1);
    expect(pipeline.linesOf('receipt-lost')).toEqual([
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
      const look = pipeline.sources.look.bind(pipeline.sources);
      pipeline.sources.look = async (...given) => {
        pipeline.sources.look = look;
        // Meanwhile another worker does the job with the newer source, and acknowledges the
        // message.
        pipeline.sources.put('ecsproc/0', 'newer');
        if (foundWhen === 'extended') pipeline.queue.purge();
        await pause(pipeline.clock, 25_000);
        pipeline.queue.purge();
        if (error) throw error;
        return look(...given);
      };
      pipeline.enqueue(1);
      pipeline.start();
      await pipeline.clock.advance(60);
      expect(pipeline.destination.written.text('processed/s/0')).toBe('newer');
      expect(pipeline.queue.requests.some(({ verb }) => verb === 'resend')).toBe(
        error !== undefined,
      );
      expect([pipeline.queue.size, pipeline.deadLetters.letters]).toEqual([0, []]);
    },
  );

  test.each([
    ['failed', () => Promise.reject(new TransientFault('DestinationUnavailable', 'ECONNRESET'))],
    ['was never answered', () => new Promise<never>(() => undefined)],
  ])(
    'sends a job again whose write took effect but %s, when its message is lost',
    async (_what, end) => {
      const write = pipeline.destination.write.bind(pipeline.destination);
      pipeline.destination.write = async (...given) => {
        pipeline.destination.write = write;
        // Meanwhile another worker does the job with the newer source, and acknowledges the
        // message.
        pipeline.sources.put('ecsproc/0', 'newer');
        pipeline.queue.purge();
        await pause(pipeline.clock, 25_000);
        await write(...given);
        return end();
      };
      pipeline.enqueue(1);
      pipeline.start();
      await pipeline.clock.advance(90);
      pipeline.start();
      await pipeline.clock.advance(30);
      expect(pipeline.destination.written.text('processed/s/0')).toBe('newer');
      expect([pipeline.queue.size, pipeline.deadLetters.letters]).toEqual([0, []]);
    },
  );

  test('writes nothing for a message that the heartbeat finds lost', async () => {
    pipeline.renderFor(30);
    pipeline.enqueue(1);
    pipeline.start();
    await pipeline.clock.advance(10);
    pipeline.queue.takeAway();
    await pipeline.clock.advance(25);
    expect([pipeline.outcomes, pipeline.destination.written.size, pipeline.queue.size]).toEqual([
      ['interrupted'],
      0,
      1,
    ]);
    expect([pipeline.queue.visible, pipeline.queue.visibilityChanges]).toEqual([0, []]);
    expect(pipeline.tally.counts.lostReceipts).toBe(1);
    expect(pipeline.linesOf('receipt-lost')).toEqual([expect.objectContaining({ verb: 'extend' })]);
  });
});
