import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import type { OutputObjects } from './job/ports';

const TEN_MINUTES = 600;

/** Leaves writes and probes unanswered until the returned function is called. */
function fallSilent(destination: OutputObjects): () => void {
  const { write, probe } = destination;
  const silent = (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason)),
    );
  destination.write = (_output, signal) => silent(signal);
  destination.probe = silent;
  return () => void Object.assign(destination, { write, probe });
}

test.each([5, 30, 45, 120])(
  'a last attempt stays hidden while nothing answers, with a visibility timeout of %i s',
  async (visibilityTimeoutSeconds) => {
    const pipeline = new WorkerUnderTest({
      visibilityTimeoutSeconds,
      jobTimeoutSeconds: visibilityTimeoutSeconds,
      maxAttempts: 8,
      idleExitSeconds: 1200,
    });
    const mend = fallSilent(pipeline.destination);
    pipeline.enqueue(1, 7);
    pipeline.start();
    pipeline.start();
    await pipeline.clock.advance(TEN_MINUTES);
    expect([pipeline.deadLetters.letters, pipeline.queue.size]).toEqual([[], 1]);
    expect(pipeline.outcomes).toContain('released');
    mend();
    await pipeline.clock.advance(TEN_MINUTES);
    expect([
      pipeline.destination.written.size,
      pipeline.queue.size,
      pipeline.deadLetters.letters,
    ]).toEqual([1, 0, []]);
  },
);
