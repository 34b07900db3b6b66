import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { SharedFault, TransientFault } from './faults';
import { EXIT_CODES } from './log-lines';

let pipeline: WorkerUnderTest;

beforeEach(() => {
  pipeline = new WorkerUnderTest();
});

/** One task after the other, each for one message, until none is visible. */
async function tasks(most: number): Promise<readonly number[]> {
  const codes: number[] = [];
  while (codes.length < most && pipeline.queue.size > 0) {
    pipeline.end = undefined;
    pipeline.start({ jobLimit: 1, maxAttempts: 8 });
    while (!pipeline.end) await pipeline.clock.advance(5);
    codes.push((pipeline.end as { exitCode: number }).exitCode);
    await pipeline.clock.advance(300);
  }
  return codes;
}

describe('a worker for one message', () => {
  test('takes one, does its job and ends', async () => {
    pipeline.enqueue(3);
    pipeline.start({ jobLimit: 1 });
    await pipeline.clock.advance(2);
    expect(pipeline.end).toMatchObject({ reason: 'job-limit', exitCode: EXIT_CODES.ok });
    expect([pipeline.destination.written.size, pipeline.queue.size]).toEqual([1, 2]);
    const receives = pipeline.queue.requests.filter(({ verb }) => verb === 'receive');
    expect(receives.map(({ entries }) => entries)).toEqual([1]);
  });

  test('ends as idle when it gets none', async () => {
    pipeline.start({ jobLimit: 1 });
    await pipeline.clock.advance(25);
    expect(pipeline.end).toMatchObject({ reason: 'idle', exitCode: EXIT_CODES.ok });
  });

  test('ends with 75 in an outage, and its job stays blameless', async () => {
    pipeline.enqueue(1);
    pipeline.destination.error = new SharedFault('DestinationUnavailable', 'SlowDown');
    expect(await tasks(20)).toEqual(new Array(20).fill(EXIT_CODES.destinationFailing));
    pipeline.destination.error = undefined;
    expect(await tasks(1)).toEqual([EXIT_CODES.ok]);
    expect([pipeline.queue.size, pipeline.deadLetters.letters]).toEqual([0, []]);
    expect(pipeline.destination.written.size).toBe(1);
  });

  test('an object that S3 refuses by itself is at fault, and uses up its attempts', async () => {
    pipeline.enqueue(1);
    const denied = new TransientFault('AccessDenied', 'no kms:Decrypt');
    pipeline.sources.errors.push(...new Array<Error>(8).fill(denied));
    expect(await tasks(20)).toEqual(new Array(8).fill(EXIT_CODES.ok));
    const codes = pipeline.deadLetters.letters.map(({ attributes }) => attributes.FaultCode);
    expect(codes).toEqual(['AccessDenied']);
  });
});
