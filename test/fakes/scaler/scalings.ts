import fc from 'fast-check';
import type { Scaling } from '../../../lambda/scaler/decision/scaling';

const jobsPerTask = fc.record({
  policy: fc.constant('jobs-per-task' as const),
  jobsPerTask: fc.integer({ min: 1, max: 200 }),
});

/** Each step is so much more than the one before. */
const rise = fc.record({
  jobs: fc.integer({ min: 1, max: 2_000 }),
  tasks: fc.integer({ min: 1, max: 20 }),
});

const steps = fc.array(rise, { maxLength: 6 }).map((rises) => {
  const all = [{ from: 1, tasks: 1 }];
  for (const { jobs, tasks } of rises) {
    const last = all.at(-1) ?? { from: 1, tasks: 1 };
    all.push({ from: last.from + jobs, tasks: last.tasks + tasks });
  }
  return { policy: 'steps' as const, steps: all };
});

const drainWithin = fc.record({
  policy: fc.constant('drain-within' as const),
  minutes: fc.integer({ min: 1, max: 600 }),
});

/** Every policy with its numbers, and a task for each object. */
export const scalings: fc.Arbitrary<Scaling> = fc.oneof(
  jobsPerTask,
  steps,
  drainWithin,
  fc.constant({ policy: 'per-object' as const }),
);

/** What may be known of the service. */
export const serviceSettings = fc.record({
  jobSeconds: fc.double({ min: 0.001, max: 43_200, noNaN: true }),
  jobsAtATime: fc.integer({ min: 1, max: 640 }),
});
