import fc from 'fast-check';
import {
  exampleActive,
  exampleObservation,
  examplePolicy,
  exampleSettings,
  several,
} from '../../../test/fakes/scaler/examples';
import { scalings, serviceSettings } from '../../../test/fakes/scaler/scalings';
import { decide } from './decide';
import { inFlightOf, MOST_IN_FLIGHT, maxTasksFault, mostSamples } from './in-flight';
import type { Policy } from './policy';
import { snapshotOf } from './snapshot';

const jobsAtATime = fc.integer({ min: 1, max: 640 });
const tasks = fc.integer({ min: 1, max: 5_000 });

describe('messages in flight', () => {
  test('of the most samples of some tasks are within the bound, and of one more are not', () => {
    fc.assert(
      fc.property(tasks, jobsAtATime, (tasks, jobs) => {
        const most = mostSamples(tasks, jobs);
        const inFlight = (samples: number) => inFlightOf(tasks, { samples, jobsAtATime: jobs });
        if (most > 0) expect(inFlight(most)).toBeLessThanOrEqual(MOST_IN_FLIGHT);
        expect(inFlight(most + 1)).toBeGreaterThan(MOST_IN_FLIGHT);
      }),
    );
  });

  test.each([
    [49, 1_000, undefined],
    [
      50,
      1_000,
      'must be at most 49 with 1000 samples a part and 20 jobs at a time, so that 2 × 49 × ' +
        '(1000 + 20) messages in flight are at most 100000, but 50 was given',
    ],
    [5_000, 0, undefined],
  ])('of %i tasks with %i samples a part: %s', (maxTasks, samples, fault) => {
    expect(maxTasksFault(maxTasks, { samples, jobsAtATime: 20 })).toBe(fault);
  });
});

interface Queue {
  readonly backlog: number;
  readonly inFlight: number;
  readonly running: number;
}

const launched = (
  { backlog, inFlight, running }: Queue,
  shards: { readonly shardSamples: number; readonly jobsAtATime?: number },
  policy: Policy = examplePolicy({ maxTasks: 49 }),
) => {
  const active = several(running, () => exampleActive());
  const observation = exampleObservation({ backlog, inFlight, active });
  const snapshot = snapshotOf(observation, 'photos:7', exampleSettings({}, shards));
  const { FARGATE, FARGATE_SPOT } = decide(snapshot, policy).tasks;
  return FARGATE + FARGATE_SPOT;
};

describe('with shards', () => {
  const SHARDS = { shardSamples: 1_000 };

  test.each([
    ['a trickle launches no task beside the one that collects it', 2, 950, 1, 0],
    ['a task that has all its slots to give takes what is visible', 60, 900, 1, 0],
    ['the first message launches a task', 1, 0, 0, 1],
    ['samples of tasks that are gone launch none: their messages become visible', 0, 900, 0, 0],
    ['a flood launches as many tasks as without them', 50_000, 0, 0, 49],
    ['a flood launches for what is visible and worked on', 1_000, 4_000, 4, 7],
  ])('%s', (_what, backlog, inFlight, running, tasks) => {
    expect(launched({ backlog, inFlight, running }, SHARDS)).toBe(tasks);
  });

  test('samples that wait launch tasks where they would count as work', () => {
    expect(launched({ backlog: 60, inFlight: 900, running: 1 }, { shardSamples: 0 })).toBe(1);
  });

  const queues = fc.record({
    backlog: fc.integer({ min: 0, max: 200_000 }),
    inFlight: fc.integer({ min: 0, max: 100_000 }),
    running: fc.integer({ min: 0, max: 60 }),
  });

  test('never fewer tasks than the visible messages need, never more than without shards', () => {
    fc.assert(
      fc.property(queues, scalings, serviceSettings, (queue, scaling, { jobsAtATime }) => {
        const policy = { ...examplePolicy({ maxTasks: 49 }), scaling };
        const ofShards = { ...SHARDS, jobsAtATime };
        const tasks = launched(queue, ofShards, policy);
        const visible = launched({ ...queue, inFlight: 0 }, ofShards, policy);
        const counted = launched(queue, { shardSamples: 0, jobsAtATime }, policy);
        expect(tasks).toBeGreaterThanOrEqual(visible);
        expect(tasks).toBeLessThanOrEqual(counted);
      }),
    );
  });

  test('tasks are launched for visible messages alone, however many samples wait', () => {
    fc.assert(
      fc.property(queues, scalings, (queue, scaling) => {
        const policy = { ...examplePolicy({ maxTasks: 49 }), scaling };
        expect(launched(queue, SHARDS, policy)).toBeLessThanOrEqual(queue.backlog);
      }),
    );
  });
});
