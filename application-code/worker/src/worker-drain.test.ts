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
      const pipeline = new WorkerUnderTest();
      let render = 0;
      pipeline.processor.during = () => {
        const seconds = renders[render++ % renders.length] ?? 0;
        return new Promise((resolve) => void pipeline.clock.after(seconds * 1000, () => resolve()));
      };
      pipeline.enqueue(jobs, receives);
      const worker = pipeline.start({
        maxAttempts: 8,
        drainDeadlineSeconds: deadline,
        idleExitSeconds: 600,
      });
      await pipeline.clock.advance(drainAt);
      const done = pipeline.destination.written.size;
      worker.drain();
      for (let index = 0; index < late; index += 1) pipeline.queue.send('late');
      await pipeline.clock.advance(deadline + 1);
      expect(pipeline.end).toMatchObject({ reason: 'drained', exitCode: EXIT_CODES.ok });
      expect(pipeline.deadLetters.letters).toEqual([]);
      expect(pipeline.queue.size).toBe(jobs + late - pipeline.destination.written.size);
      expect(pipeline.visibleAtEnd).toBe(pipeline.queue.size);
      expect(pipeline.destination.written.size).toBeGreaterThanOrEqual(done);
      for (const { receiveCount } of pipeline.queue.takeVisible(20))
        expect(receiveCount).toBeLessThanOrEqual(8);
    }),
    { numRuns: 60 },
  );
});
