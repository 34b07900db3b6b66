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
import { decide } from './decide';
import { snapshotOf } from './snapshot';

const SUBNETS = ['subnet-1', 'subnet-2'];
const SETTINGS = exampleSettings({}, { subnets: SUBNETS });
const shortage = {
  capacityProvider: 'FARGATE_SPOT' as const,
  stopCode: 'TaskFailedToStart',
  startFault: 'lack-of-capacity' as const,
  stoppedAt: NOW - 4 * MINUTE,
};

describe('snapshotOf', () => {
  test.each([
    [true, 'a Spot task found no room four minutes ago', {}],
    [false, 'that was five minutes ago', { stoppedAt: NOW - 5 * MINUTE }],
    [false, 'it was FARGATE that had no room', { capacityProvider: 'FARGATE' as const }],
    [
      false,
      'the Spot task could not start for another reason',
      { startFault: 'image-unavailable' as const },
    ],
  ])('says that Spot is short: %s, when %s', (spotIsShort, _reason, changes) => {
    const stopped = [exampleStopped({ exitCode: 0 }), exampleStopped({ ...shortage, ...changes })];
    const snapshot = snapshotOf(
      exampleObservation({ backlog: 1_000, stopped }),
      'photos:7',
      SETTINGS,
    );
    expect(snapshot.spotIsShort).toBe(spotIsShort);
    const { room: _, ...unbounded } = snapshot;
    expect(decide(unbounded, examplePolicy()).tasks).toEqual(
      spotIsShort ? { FARGATE: 10, FARGATE_SPOT: 0 } : { FARGATE: 4, FARGATE_SPOT: 6 },
    );
  });

  test.each([
    [0, 'a task that has not started', { startedAt: undefined, createdAt: 0 }],
    [0, 'a task that is a second younger', { startedAt: NOW - 3_599_000 }],
    [1, 'a task of that age', { startedAt: NOW - 3_600_000 }],
  ])('counts %i task(s) as too old to take jobs: %s', (leaving, _what, { startedAt }) => {
    const { startedAt: _, ...pending } = exampleActive();
    const task = startedAt === undefined ? pending : { ...pending, startedAt };
    const observation = exampleObservation({ active: [task] });
    expect(snapshotOf(observation, 'photos:7', SETTINGS).leaving).toBe(leaving);
  });

  test('counts the fleet of every revision, pending tasks too', () => {
    const active = [
      exampleActive({ taskDefinition: 'photos:6' }),
      exampleActive({ state: 'pending' }),
      exampleActive({ capacityProvider: 'FARGATE_SPOT' }),
    ];
    expect(snapshotOf(exampleObservation({ active }), 'photos:7', SETTINGS).fleet).toEqual({
      FARGATE: 2,
      FARGATE_SPOT: 1,
    });
  });

  const stopped = several(5, () => exampleStopped({ stoppedAt: NOW - 2 * MINUTE }));

  test.each([
    ['probe', 'five tasks of the revision failed', { backlog: 1 }, 'photos:7'],
    ['probe', 'the jobs that they failed on are all in flight', { inFlight: 1 }, 'photos:7'],
    ['probe', 'tasks of a floor failed without any job', {}, 'photos:7'],
    ['off', 'another revision has been promoted', { backlog: 1 }, 'photos:8'],
    ['off', 'none is promoted', { backlog: 1 }, undefined],
  ])('has the brake at %s when %s', (state, _reason, depth, taskDefinition) => {
    expect(
      snapshotOf(exampleObservation({ ...depth, stopped }), taskDefinition, SETTINGS).brake,
    ).toBe(state);
  });
});
