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
    const world = new WorkerUnderTest({
      visibilityTimeoutSeconds,
      jobTimeoutSeconds: visibilityTimeoutSeconds,
      maxAttempts: 8,
      idleExitSeconds: 1200,
    });
    const mend = fallSilent(world.destination);
    world.enqueue(1, 7);
    world.start();
    world.start();
    await world.clock.advance(TEN_MINUTES);
    expect([world.deadLetters.letters, world.queue.size]).toEqual([[], 1]);
    expect(world.outcomes).toContain('released');
    mend();
    await world.clock.advance(TEN_MINUTES);
    expect([world.destination.written.size, world.queue.size, world.deadLetters.letters]).toEqual([
      1,
      0,
      [],
    ]);
  },
);
