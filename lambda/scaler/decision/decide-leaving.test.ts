import {
  exampleActive,
  exampleObservation,
  examplePolicy,
  exampleSettings,
  NOW,
  several,
} from '../../../test/fakes/scaler/examples';
import { decide } from './decide';
import { type Observation, snapshotOf } from './snapshot';

const MAX_TASK_SECONDS = 3_600;
const SETTINGS = exampleSettings({}, { maxTaskSeconds: MAX_TASK_SECONDS });

const young = (count: number) => several(count, () => exampleActive());
/** They finish the jobs that they have, which may take hours. */
const old = (count: number) =>
  several(count, () => exampleActive({ startedAt: NOW - MAX_TASK_SECONDS * 1000 }));

function decideOn(seen: Parameters<typeof exampleObservation>[0]) {
  const observation: Observation = exampleObservation(seen);
  const policy = examplePolicy({ jobsPerTask: 50 });
  const { tasks, because } = decide(snapshotOf(observation, 'photos:7', SETTINGS), policy);
  return [tasks.FARGATE + tasks.FARGATE_SPOT, because];
}

describe('of tasks that are too old to take jobs', () => {
  test('decide expects nothing for the backlog', () => {
    const jobs = { backlog: 50, inFlight: 50 };
    expect(decideOn({ ...jobs, active: [...young(1), ...old(2)] })).toEqual([1, 'shortfall']);
    expect(decideOn({ ...jobs, active: [...young(2), ...old(2)] })).toEqual([0, 'enough-tasks']);
  });

  test('decide counts every one for the maximum', () => {
    expect(decideOn({ backlog: 5_000, active: old(4) })).toEqual([6, 'shortfall']);
    expect(decideOn({ backlog: 1, active: old(10) })).toEqual([0, 'at-max']);
  });
});
