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
import type { ActiveTask } from '../ports';
import { decide } from './decide';
import { type Observation, snapshotOf } from './snapshot';

const FLOOR = examplePolicy({ minTasks: 3 });

function decideOn(seen: Parameters<typeof exampleObservation>[0], policy = FLOOR) {
  const observation: Observation = exampleObservation(seen);
  return decide(snapshotOf(observation, policy.taskDefinition, exampleSettings()), policy);
}

const tasks = (count: number, changes: Partial<ActiveTask> = {}) =>
  several(count, () => exampleActive(changes));
const sum = (launched: { FARGATE: number; FARGATE_SPOT: number }) =>
  launched.FARGATE + launched.FARGATE_SPOT;

describe('a floor of three tasks', () => {
  test.each([
    ['is launched for an empty queue', {}, 3, 3],
    ['lacks what has ended', { active: tasks(2, { isWarm: true }) }, 1, 1],
    [
      'is part of the fleet that jobs are worth',
      { backlog: 500, active: tasks(3, { isWarm: true }) },
      2,
      0,
    ],
    ['is launched with the fleet', { backlog: 500 }, 5, 3],
    [
      'replaces a task that is too old to take jobs',
      {
        active: [
          ...tasks(2, { isWarm: true }),
          exampleActive({ isWarm: true, startedAt: NOW - 61 * MINUTE }),
        ],
      },
      1,
      1,
    ],
  ] as const)('%s', (_title, seen, launched, warm) => {
    const decision = decideOn(seen);
    expect([sum(decision.tasks), decision.warm]).toEqual([launched, warm]);
  });

  test.each([
    ['nothing-visible', 'three tasks run', { active: tasks(3) }, FLOOR],
    ['disabled', 'an operator has paused it', {}, examplePolicy({ minTasks: 3, enabled: false })],
    ['at-max', 'the maximum was lowered', { backlog: 900 }, examplePolicy({ maxTasks: 0 })],
  ] as const)('%s: nothing is launched when %s', (because, _reason, seen, policy) => {
    expect(decideOn(seen, policy)).toMatchObject({ action: 'hold', because, warm: 0 });
  });

  test('holds before the first image', () => {
    const { taskDefinition: _, ...policy } = FLOOR;
    expect(decideOn({}, policy)).toMatchObject({ action: 'hold', because: 'no-image-yet' });
  });

  test('is held by the brake when its tasks fail, and probed by one', () => {
    const failed = (stoppedAt: number) => several(5, () => exampleStopped({ stoppedAt }));
    expect(decideOn({ stopped: failed(NOW - 30_000) })).toMatchObject({ because: 'tasks-failing' });
    const probe = decideOn({ stopped: failed(NOW - 2 * MINUTE) });
    expect([probe.because, sum(probe.tasks), probe.warm]).toEqual(['probe', 1, 1]);
  });

  test('is no more than the maximum', () => {
    const decision = decideOn({}, examplePolicy({ minTasks: 30, maxTasks: 4 }));
    expect([sum(decision.tasks), decision.desired]).toEqual([4, 4]);
  });
});

describe('a task for each object', () => {
  const PER_OBJECT = {
    ...examplePolicy({ maxTasks: 20 }),
    scaling: { policy: 'per-object' },
  } as const;

  test.each([
    ['one for each visible message', { backlog: 7 }, 7],
    [
      'none for a message that a pending task is about to take',
      { backlog: 7, active: tasks(5, { state: 'pending' }) },
      2,
    ],
    [
      'as many as there are, beside those that work',
      { backlog: 7, inFlight: 5, active: tasks(5) },
      7,
    ],
    ['no more than the maximum', { backlog: 70, inFlight: 5, active: tasks(5) }, 15],
    ['none for a message that backs off', { inFlight: 9 }, 0],
    [
      'none when every visible message has its pending task',
      { backlog: 5, inFlight: 9, active: tasks(5, { state: 'pending' }) },
      0,
    ],
  ] as const)('%s', (_title, seen, launched) => {
    const decision = decideOn(seen, PER_OBJECT);
    expect(sum(decision.tasks)).toBe(launched);
    expect(decision.action).toBe(launched > 0 ? 'launch' : 'hold');
  });
});
