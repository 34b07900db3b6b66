import {
  exampleActive,
  exampleNotStarted,
  exampleObservation,
  examplePolicy,
  exampleSettings,
  exampleStopped,
  NOW,
  several,
} from '../../../test/fakes/scaler/examples';
import type { Policy } from './policy';
import { type Observation, snapshotOf } from './snapshot';
import { besideWakeUps, wakeUp } from './wake-up';

const SETTINGS = exampleSettings();

function woken(seen: Partial<Observation> = {}, policy: Partial<Policy> = {}, wakeTasks = 3) {
  const observation = exampleObservation({ backlog: 1, ...seen });
  const resolved = examplePolicy(policy);
  return wakeUp(snapshotOf(observation, resolved.taskDefinition, SETTINGS), resolved, wakeTasks);
}

describe('wakeUp', () => {
  test.each([
    ['one visible job', 1],
    ['a thousand', 1_000],
  ])('launches the same number of tasks on FARGATE for %s', (_what, backlog) => {
    const seen = exampleObservation({ backlog });
    expect(woken(seen, { onDemandBase: 0, onDemandWeight: 0 })).toMatchObject({
      action: 'launch',
      because: 'wake-up',
      tasks: { FARGATE: 3, FARGATE_SPOT: 0 },
    });
  });

  test.each([
    ['running', {}],
    ['pending', { state: 'pending' as const }],
    ['too old to take a job', { startedAt: NOW - 3_600_000 }],
  ])('launches nothing for a pipeline that has a task, such as one %s', (_what, task) => {
    const seen = { ...exampleObservation({ backlog: 1_000 }), active: [exampleActive(task)] };
    expect(woken(seen)).toMatchObject({ action: 'hold', because: 'enough-tasks' });
  });

  test.each([
    ['max-tasks', {}, { maxTasks: 2 }, 2],
    ['the free addresses', { freeAddresses: new Map([['subnet-1', 1]]) }, {}, 1],
  ])('launches at most as many tasks as %s allows', (_what, seen, policy, FARGATE) => {
    expect(woken(seen, policy).tasks).toEqual({ FARGATE, FARGATE_SPOT: 0 });
  });

  test.each([
    ['disabled', {}, { enabled: false }],
    ['no-image-yet', {}, { taskDefinition: '' }],
    ['at-max', {}, { maxTasks: 0 }],
    ['tasks-failing', { stopped: several(5, () => exampleStopped({ stoppedAt: NOW })) }, {}],
    ['vcpu-quota', { stopped: [exampleNotStarted('vcpu-quota', { stoppedAt: NOW })] }, {}],
    ['no-addresses', { freeAddresses: new Map([['subnet-1', 0]]) }, {}],
  ])('holds like a scheduled run, such as with the reason %s', (because, seen, policy) => {
    expect(woken(seen, policy)).toMatchObject({ action: 'hold', because });
  });

  test('launches one task alone when a probe is due', () => {
    const stopped = several(5, () => exampleStopped({ stoppedAt: NOW - 120_000 }));
    expect(woken({ stopped })).toMatchObject({
      because: 'probe',
      tasks: { FARGATE: 1, FARGATE_SPOT: 0 },
    });
  });
});

describe('besideWakeUps', () => {
  test.each([
    ['raises a base that is smaller', 0, 3],
    ['leaves one that is larger', 5, 5],
  ])('%s than the tasks of a wake-up', (_what, onDemandBase, base) => {
    expect(besideWakeUps(examplePolicy({ onDemandBase }), 3)).toEqual(
      examplePolicy({ onDemandBase: base }),
    );
  });
});
