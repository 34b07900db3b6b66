import fc from 'fast-check';
import { inFlightOf, MOST_IN_FLIGHT, mostSamples, mostTasks } from './in-flight';

const jobsAtATime = fc.integer({ min: 1, max: 640 });
const tasks = fc.integer({ min: 1, max: 5_000 });
const samples = fc.integer({ min: 1, max: 40_000 });

test('the most tasks of a size of parts keep within the bound, and one more does not', () => {
  fc.assert(
    fc.property(samples, jobsAtATime, (samples, jobs) => {
      const held = { samples, jobsAtATime: jobs };
      const most = mostTasks(held);
      expect(inFlightOf(most, held)).toBeLessThanOrEqual(MOST_IN_FLIGHT);
      expect(inFlightOf(most + 1, held)).toBeGreaterThan(MOST_IN_FLIGHT);
    }),
  );
});

test('the most samples of a number of tasks keep within the bound, and one more does not', () => {
  fc.assert(
    fc.property(tasks, jobsAtATime, (tasks, jobs) => {
      const most = mostSamples(tasks, jobs);
      const inFlight = (samples: number) => inFlightOf(tasks, { samples, jobsAtATime: jobs });
      if (most > 0) expect(inFlight(most)).toBeLessThanOrEqual(MOST_IN_FLIGHT);
      expect(inFlight(most + 1)).toBeGreaterThan(MOST_IN_FLIGHT);
    }),
  );
});

test('the default pipeline may have 49 tasks with parts of a thousand samples', () => {
  expect(mostTasks({ samples: 1_000, jobsAtATime: 20 })).toBe(49);
  expect(mostSamples(49, 20)).toBe(1_000);
  expect(mostSamples(5_000, 20)).toBe(0);
});
