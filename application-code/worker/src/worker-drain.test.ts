import fc from 'fast-check';
import { WorkerUnderTest } from '../../../test/fakes/worker/worker-under-test';
import { EXIT_CODES } from './log-lines';

const drain = fc.record({
  jobs: fc.nat(12),
  /** Seconds of each render in turn; a decoder heeds no signal. */
  renders: fc.array(fc.nat(45), { minLength: 1, maxLength: 4 }),
  /** Receives that the messages have behind them. */
  receives: fc.nat(7),
  drainAt: fc.integer({ min: 0, max: 60 }),
  deadline: fc.integer({ min: 1, max: 60 }),
  /** Messages that come while the worker drains. */
  late: fc.nat(3),
});

test('whenever SIGTERM comes, a worker exits 0 in time, and the rest is blameless', async () => {
  await fc.assert(
    fc.asyncProperty(drain, async ({ jobs, renders, receives, drainAt, deadline, late }) => {
      const world = new WorkerUnderTest();
      let render = 0;
      world.processor.during = () => {
        const seconds = renders[render++ % renders.length] ?? 0;
        return new Promise((resolve) => void world.clock.after(seconds * 1000, () => resolve()));
      };
      world.enqueue(jobs, receives);
      const worker = world.start({
        maxAttempts: 8,
        drainDeadlineSeconds: deadline,
        idleExitSeconds: 600,
      });
      await world.clock.advance(drainAt);
      const done = world.destination.written.size;
      worker.drain();
      for (let index = 0; index < late; index += 1) world.queue.send('late');
      await world.clock.advance(deadline + 1);
      expect(world.end).toMatchObject({ reason: 'drained', exitCode: EXIT_CODES.ok });
      expect(world.deadLetters.letters).toEqual([]);
      expect(world.queue.size).toBe(jobs + late - world.destination.written.size);
      expect(world.visibleAtEnd).toBe(world.queue.size);
      expect(world.destination.written.size).toBeGreaterThanOrEqual(done);
      for (const { receiveCount } of world.queue.takeVisible(20))
        expect(receiveCount).toBeLessThanOrEqual(8);
    }),
    { numRuns: 60 },
  );
});
