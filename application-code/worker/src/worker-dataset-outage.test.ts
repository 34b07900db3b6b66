import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { TransientFault } from './faults';
import { EXIT_CODES } from './log-lines';

let pipeline: WorkerUnderTest;

beforeEach(() => {
  pipeline = new WorkerUnderTest();
  pipeline.dataset = {};
});

const sizes = () => pipeline.parts.map(({ samples }) => samples.length);

describe('a part that cannot be written', () => {
  const failing = new TransientFault('DestinationUnavailable', 'SlowDown');

  test('has its messages released, and the circuit opened', async () => {
    pipeline.destination.error = failing;
    pipeline.destination.probeError = failing;
    pipeline.enqueue(6);
    pipeline.start();
    await pipeline.clock.advance(30);
    expect([pipeline.queue.size, pipeline.tally.counts.circuitsOpened]).toEqual([6, 1]);
    expect(pipeline.outcomes).toEqual(Array(6).fill('released'));
    expect(pipeline.end).toMatchObject({
      ...{ reason: 'outage', exitCode: EXIT_CODES.destinationFailing },
    });
  });

  test('is not there without its index: its messages are not acknowledged', async () => {
    pipeline.destination.failing = (key) => (key.endsWith('.jsonl') ? failing : undefined);
    pipeline.enqueue(2);
    pipeline.start();
    await pipeline.clock.advance(21);
    expect([pipeline.parts, pipeline.queue.size]).toEqual([[], 2]);
    expect(pipeline.destination.written.keys()).toEqual([expect.stringMatching(/\.tar$/)]);
    expect(pipeline.linesOf('part-failed')).toMatchObject([{ samples: 2 }]);
  });

  test('is written sample by sample in an outage, until one shows that it is over', async () => {
    pipeline.dataset = { limits: { samples: 6 } };
    pipeline.destination.error = failing;
    pipeline.enqueue(6);
    pipeline.start({ maxAttempts: 8, idleExitSeconds: 60 });
    await pipeline.clock.advance(2);
    expect(pipeline.linesOf('circuit-open')).toHaveLength(1);
    pipeline.destination.error = undefined;
    await pipeline.clock.advance(120);
    expect([sizes(), pipeline.queue.size]).toEqual([[1, 1, 1, 1, 1, 1], 0]);
    expect(pipeline.linesOf('circuit-closed')).toHaveLength(1);
  });

  test('keeps no more messages than two parts have, and the jobs that wait', async () => {
    pipeline.dataset = { limits: { samples: 5 } };
    pipeline.destination.write = () => new Promise(() => undefined);
    pipeline.enqueue(100);
    pipeline.start({ jobConcurrency: 4 });
    await pipeline.clock.advance(40);
    expect(pipeline.queue.size - pipeline.queue.visible).toBe(5 + 5 + 4);
  });

  test('is given up after five minutes without an answer', async () => {
    pipeline.destination.write = () => new Promise(() => undefined);
    pipeline.enqueue(1);
    pipeline.start();
    await pipeline.clock.advance(20 + 299);
    expect(pipeline.queue.visible).toBe(0);
    await pipeline.clock.advance(10);
    expect([pipeline.queue.visible, pipeline.outcomes]).toEqual([1, ['released']]);
  });
});

describe('SIGTERM', () => {
  test('writes the open part at once, and what the last jobs make by its deadline', async () => {
    pipeline.enqueue(5);
    pipeline.renderFor(10);
    const worker = pipeline.start({ jobConcurrency: 3, idleExitSeconds: 600 });
    await pipeline.clock.advance(15);
    worker.drain();
    await pipeline.clock.advance(1);
    expect(sizes()).toEqual([3]);
    await pipeline.clock.advance(10);
    expect([sizes(), pipeline.queue.size, pipeline.end?.exitCode]).toEqual([[3, 2], 0, 0]);
  });

  test('releases the messages of a part that is not written in time, as interrupted', async () => {
    pipeline.destination.write = () => new Promise(() => undefined);
    pipeline.enqueue(3);
    const worker = pipeline.start({ drainDeadlineSeconds: 40 });
    await pipeline.clock.advance(2);
    worker.drain();
    await pipeline.clock.advance(34);
    expect([pipeline.end, pipeline.queue.visible]).toEqual([undefined, 0]);
    await pipeline.clock.advance(6);
    expect([pipeline.end?.reason, pipeline.visibleAtEnd]).toEqual(['drained', 3]);
    expect(pipeline.outcomes).toEqual(Array(3).fill('interrupted'));
  });
});
