import fc from 'fast-check';
import {
  exampleActive,
  exampleObservation,
  examplePolicy,
  exampleSettings,
  exampleStopped,
  MINUTE,
  NOW,
  several,
} from '../../../test/fakes/scaler/examples';
import { scalings } from '../../../test/fakes/scaler/scalings';
import { decide } from './decide';
import type { Policy } from './policy';
import { keptBusy } from './scaling';
import { fleetOf, type Observation, snapshotOf } from './snapshot';

/** The decision on what was observed, as a run makes it. */
const decideOn = (observation: Observation, policy: Policy) =>
  decide(snapshotOf(observation, policy.taskDefinition, exampleSettings()), policy);

const sum = (tasks: { FARGATE: number; FARGATE_SPOT: number }) =>
  tasks.FARGATE + tasks.FARGATE_SPOT;
const running = (count: number) => several(count, () => exampleActive());

describe('decide launches', () => {
  test.each([
    ['one task for the first job', { backlog: 1 }, {}, 1],
    ['one task for exactly as many jobs as one task is for', { backlog: 100 }, {}, 1],
    ['a second task for one job more', { backlog: 101 }, {}, 2],
    ['no more than the maximum, however long the backlog', { backlog: 1_000_000 }, {}, 10],
    ['only what the running tasks leave to do', { backlog: 500, active: running(3) }, {}, 2],
    [
      'for in-flight jobs too, since the tasks that hold them are busy',
      { backlog: 100, inFlight: 100, active: running(1) },
      {},
      1,
    ],
    [
      'only what the visible jobs justify, however many are in flight',
      { backlog: 5, inFlight: 900 },
      {},
      1,
    ],
    ['up to a maximum that an operator has raised', { backlog: 5_000 }, { maxTasks: 40 }, 40],
  ])('%s', (_reason, seen, changes, expected) => {
    const decision = decideOn(exampleObservation(seen), examplePolicy(changes));
    expect(decision).toMatchObject({ action: 'launch', because: 'shortfall' });
    expect(sum(decision.tasks)).toBe(expected);
  });
});

const failures = several(5, () => exampleStopped());

describe('decide holds', () => {
  test.each([
    ['disabled', 'an operator has switched it off', { backlog: 9 }, { enabled: false }],
    ['nothing-visible', 'every job is in flight or backs off', { inFlight: 900 }, {}],
    ['nothing-visible', 'the queue is empty', {}, {}],
    ['enough-tasks', 'the running tasks are enough', { backlog: 200, active: running(2) }, {}],
    [
      'enough-tasks',
      'more tasks run than the jobs are worth',
      { backlog: 1, active: running(9) },
      {},
    ],
    [
      'at-max',
      'the maximum runs and more would be needed',
      { backlog: 5_000, active: running(10) },
      {},
    ],
    [
      'at-max',
      'the maximum was lowered below what runs',
      { backlog: 900, active: running(5) },
      { maxTasks: 3 },
    ],
    ['at-max', 'the maximum is zero', { backlog: 1 }, { maxTasks: 0 }],
    ['tasks-failing', 'the last five tasks failed', { backlog: 1, stopped: failures }, {}],
  ] as const)('%s when %s', (because, _reason, seen, changes) => {
    const decision = decideOn(exampleObservation(seen), examplePolicy(changes));
    expect(decision).toMatchObject({
      action: 'hold',
      because,
      tasks: { FARGATE: 0, FARGATE_SPOT: 0 },
    });
  });

  test('no-image-yet when no revision has been promoted', () => {
    const { taskDefinition: _, ...policy } = examplePolicy();
    expect(decideOn(exampleObservation({ backlog: 1 }), policy)).toMatchObject({
      because: 'no-image-yet',
    });
  });
});

describe('decide with failing tasks', () => {
  const stopped = several(5, () => exampleStopped({ stoppedAt: NOW - 2 * MINUTE }));

  test('launches one task as a probe, however long the backlog', () => {
    const decision = decideOn(exampleObservation({ backlog: 5_000, stopped }), examplePolicy());
    expect(decision).toMatchObject({ action: 'launch', because: 'probe', desired: 10 });
    expect(sum(decision.tasks)).toBe(1);
  });

  test('launches as usual when another revision has been promoted', () => {
    const decision = decideOn(
      exampleObservation({ backlog: 500, stopped }),
      examplePolicy({ taskDefinition: 'photos:8' }),
    );
    expect(decision).toMatchObject({ because: 'shortfall' });
  });
});

const provider = fc.constantFrom('FARGATE' as const, 'FARGATE_SPOT' as const);
const moment = fc.integer({ min: NOW - 60 * MINUTE, max: NOW });
const policies = fc
  .record({
    enabled: fc.boolean(),
    maxTasks: fc.integer({ min: 0, max: 60 }),
    minTasks: fc.integer({ min: 0, max: 20 }),
    scaling: scalings,
    onDemandBase: fc.integer({ min: 0, max: 20 }),
    onDemandWeight: fc.integer({ min: 0, max: 9 }),
    spotWeight: fc.integer({ min: 0, max: 9 }),
    taskDefinition: fc.constantFrom('photos:7', 'photos:8'),
  })
  .filter((policy) => policy.onDemandWeight + policy.spotWeight > 0);
const observations = fc.record({
  at: fc.constant(NOW),
  queue: fc.record({ backlog: fc.nat(9_000), inFlight: fc.nat(9_000), delayed: fc.nat(99) }),
  active: fc.array(
    fc
      .record({
        capacityProvider: provider,
        createdAt: moment,
        state: fc.constantFrom('running' as const, 'pending' as const),
        isWarm: fc.boolean(),
      })
      .map((task) => exampleActive(task)),
    { maxLength: 70 },
  ),
  stopped: fc.array(
    fc
      .record({
        capacityProvider: provider,
        stoppedAt: moment,
        exitCode: fc.constantFrom(0, 1, 75, 137),
      })
      .map((task) => exampleStopped(task)),
    { maxLength: 12 },
  ),
});

describe('whatever it sees, decide', () => {
  test('stays between zero and the maximum, and launches only where it says launch', () => {
    fc.assert(
      fc.property(observations, policies, (observation, policy) => {
        const { action, tasks, desired } = decideOn(observation, policy);
        expect(Math.min(tasks.FARGATE, tasks.FARGATE_SPOT, desired)).toBeGreaterThanOrEqual(0);
        expect(sum(tasks) > 0).toBe(action === 'launch');
        expect(desired).toBeLessThanOrEqual(policy.maxTasks);
        if (action === 'launch') {
          expect(sum(tasks) + observation.active.length).toBeLessThanOrEqual(policy.maxTasks);
        }
      }),
    );
  });

  test('makes no more tasks warm than it launches, or than the floor lacks', () => {
    fc.assert(
      fc.property(observations, policies, (observation, policy) => {
        const { tasks, warm } = decideOn(observation, policy);
        const kept = observation.active.filter(({ isWarm }) => isWarm).length;
        expect(warm).toBeGreaterThanOrEqual(0);
        expect(warm).toBeLessThanOrEqual(Math.min(sum(tasks), Math.max(0, policy.minTasks - kept)));
      }),
    );
  });

  test('never launches fewer tasks for a longer backlog', () => {
    fc.assert(
      fc.property(observations, policies, fc.nat(9_000), (observation, policy, more) => {
        const longer = {
          ...observation,
          queue: { ...observation.queue, backlog: observation.queue.backlog + more },
        };
        expect(sum(decideOn(longer, policy).tasks)).toBeGreaterThanOrEqual(
          sum(decideOn(observation, policy).tasks),
        );
      }),
    );
  });

  test('launches no more than the visible jobs keep busy, or than the floor lacks', () => {
    fc.assert(
      fc.property(observations, policies, (observation, policy) => {
        const snapshot = snapshotOf(observation, policy.taskDefinition, exampleSettings());
        const busy = keptBusy(snapshot, policy.scaling);
        expect(busy).toBeLessThanOrEqual(observation.queue.backlog);
        const missing = policy.minTasks - (observation.active.length - snapshot.leaving);
        const launched = sum(decide(snapshot, policy).tasks);
        expect(launched).toBeLessThanOrEqual(Math.max(0, missing, busy));
      }),
    );
  });

  test('launches the base on demand first, for the fleet as a whole', () => {
    fc.assert(
      fc.property(observations, policies, (observation, policy) => {
        const { tasks } = decideOn(observation, policy);
        if (tasks.FARGATE_SPOT === 0) return;
        expect(fleetOf(observation.active).FARGATE + tasks.FARGATE).toBeGreaterThanOrEqual(
          policy.onDemandBase,
        );
      }),
    );
  });

  test('launches one task at most while tasks keep failing', () => {
    fc.assert(
      fc.property(
        observations,
        policies,
        fc.integer({ min: 5, max: 40 }),
        (observation, policy, count) => {
          const stopped = several(count, (index) =>
            exampleStopped({ stoppedAt: NOW - index * 9_000 }),
          );
          const failing = { ...observation, active: [], stopped };
          expect(
            sum(decideOn(failing, { ...policy, taskDefinition: 'photos:7' }).tasks),
          ).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test('answers the same question in the same way, and leaves it as it was', () => {
    fc.assert(
      fc.property(observations, policies, (observation, policy) => {
        const before = structuredClone(observation);
        expect(decideOn(observation, policy)).toEqual(decideOn(observation, policy));
        expect(observation).toEqual(before);
      }),
    );
  });
});
