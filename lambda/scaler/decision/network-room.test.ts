import {
  exampleActive,
  exampleNotStarted,
  exampleObservation,
  examplePolicy,
  exampleSettings,
  exampleStopped,
  MINUTE,
  NOW,
  several,
} from '../../../test/fakes/scaler/examples';
import type { ActiveTask, StartFault } from '../ports';
import { decide } from './decide';
import { roomOf } from './network-room';
import { type Observation, snapshotOf } from './snapshot';

const refused = (fault: StartFault, capacityProvider: ActiveTask['capacityProvider'] = 'FARGATE') =>
  exampleNotStarted(fault, { capacityProvider, stoppedAt: NOW - 20 * MINUTE });
const { startedAt: _, ...pending } = exampleActive({ createdAt: NOW - MINUTE, state: 'pending' });
const started = exampleActive({ createdAt: NOW - 5 * MINUTE });
const addresses = (free: number) => new Map([['subnet-1', free]]);
const decideOn = (changes: Partial<Observation>) => {
  const observation = exampleObservation({ backlog: 10_000, ...changes });
  return decide(
    snapshotOf(observation, 'photos:7', exampleSettings({}, { subnets: ['subnet-1'] })),
    examplePolicy({ maxTasks: 100 }),
  );
};
const launched = (changes: Partial<Observation>) => {
  const { FARGATE, FARGATE_SPOT } = decideOn(changes).tasks;
  return FARGATE + FARGATE_SPOT;
};

describe('the room for tasks', () => {
  test('has no limit while EC2 names none and no task was refused', () => {
    expect(roomOf({ active: [started], stopped: [exampleStopped()] })).toBeUndefined();
  });

  test('is what the subnets have addresses for, without those that tasks are about to take', () => {
    const active = [{ ...pending, awaitsAddressIn: 'subnet-1' }, pending, started];
    expect(roomOf({ active, stopped: [], freeAddresses: addresses(9) })).toEqual({
      tasks: 8,
      because: 'no-addresses',
    });
  });

  test('bounds the very first launch', () => {
    expect(launched({})).toBe(100);
    expect(launched({ freeAddresses: addresses(7) })).toBe(7);
    expect(launched({ freeAddresses: addresses(700) })).toBe(100);
  });

  test('holds the launches by its own name without any room', () => {
    expect(decideOn({ freeAddresses: addresses(0) })).toMatchObject({
      action: 'hold',
      because: 'no-addresses',
    });
  });

  test('is the narrower of addresses and slow start', () => {
    const stopped = [refused('vcpu-quota')];
    const active = several(5, () => started);
    expect(launched({ active, stopped, freeAddresses: addresses(4) })).toBe(4);
    expect(launched({ active, stopped, freeAddresses: addresses(9) })).toBe(5);
  });
});

describe('the slow start', () => {
  test.each<[StartFault, ActiveTask['capacityProvider'], number]>([
    ['no-addresses', 'FARGATE', 3],
    ['vcpu-quota', 'FARGATE_SPOT', 3],
    ['lack-of-capacity', 'FARGATE', 3],
    // It is made up on demand.
    ['lack-of-capacity', 'FARGATE_SPOT', 97],
    ['image-unavailable', 'FARGATE', 97],
  ])(
    'after %s on %s: three tasks have started since, and %i more are launched',
    (fault, provider, more) => {
      const active = several(3, () => started);
      expect(launched({ active, stopped: [refused(fault, provider)] })).toBe(more);
    },
  );

  test('counts what has stopped since, if it had started', () => {
    const ended = exampleStopped({ stoppedAt: NOW - MINUTE, exitCode: 0 });
    const stopped = [refused('vcpu-quota'), ended, ended];
    expect(launched({ active: [started], stopped })).toBe(3);
  });

  test('counts nothing that was asked for before the refusal', () => {
    const old = exampleActive({ createdAt: NOW - 30 * MINUTE });
    const stopped = [refused('lack-of-capacity')];
    expect(launched({ active: several(9, () => old), stopped })).toBe(1);
  });

  test('lets no more be under way than have started', () => {
    const stopped = [refused('vcpu-quota')];
    const three = several(3, () => started);
    expect(launched({ active: [...three, pending, pending], stopped })).toBe(1);
    const active = [...three, pending, pending, pending];
    expect(decideOn({ active, stopped })).toMatchObject({ action: 'hold', because: 'slow-start' });
  });
});
