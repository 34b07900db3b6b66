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
import type { StartFault, StoppedTask } from '../ports';
import { revisionBrake } from './brake';
import { decide } from './decide';
import { snapshotOf } from './snapshot';
import { fullSubnets, startObstacle } from './start-faults';

const SUBNETS = ['subnet-1', 'subnet-2'];
const SETTINGS = exampleSettings({}, { subnets: SUBNETS });
const started = (stoppedAt: number) =>
  exampleStopped({
    createdAt: stoppedAt - MINUTE,
    startedAt: stoppedAt - 30_000,
    stoppedAt,
    exitCode: 0,
  });
const full = (subnet: string, stoppedAt = NOW - 30_000) =>
  exampleNotStarted('no-addresses', { subnet, stoppedAt });
const obstacle = (stopped: readonly StoppedTask[]) =>
  startObstacle({ at: NOW, active: [], stopped }, SUBNETS);
const hold = (
  stopped: readonly StoppedTask[],
  active = [exampleActive({ createdAt: NOW - 9 * MINUTE })],
) =>
  decide(
    snapshotOf(exampleObservation({ backlog: 1_000, stopped, active }), 'photos:7', SETTINGS),
    examplePolicy(),
  );

describe('what keeps tasks from starting', () => {
  test.each<[StartFault, number]>([
    ['vcpu-quota', 1],
    ['image-unavailable', 5],
    ['resources-unavailable', 5],
  ])('%s holds the launches after %i in a row, under its own name', (fault, count) => {
    expect(hold(several(count, () => exampleNotStarted(fault)))).toMatchObject({
      action: 'hold',
      because: fault,
    });
    if (count > 1)
      expect(hold(several(count - 1, () => exampleNotStarted(fault)))).toMatchObject({
        action: 'launch',
      });
  });

  test.each<StartFault>([
    'no-addresses',
    'vcpu-quota',
    'image-unavailable',
    'resources-unavailable',
  ])('%s, however often, never counts against the revision', (fault) => {
    const stopped = several(20, () => exampleNotStarted(fault));
    expect(revisionBrake({ at: NOW, active: [], stopped }, 'photos:7')).toBe('off');
  });

  test('lets one task probe after a minute, and holds again while it has not started', () => {
    const stopped = [exampleNotStarted('vcpu-quota', { stoppedAt: NOW - 70_000 })];
    expect(hold(stopped)).toMatchObject({
      because: 'probe',
      tasks: { FARGATE: 1, FARGATE_SPOT: 0 },
    });
    const { startedAt: _, ...probe } = exampleActive({ createdAt: NOW - 10_000, state: 'pending' });
    expect(hold(stopped, [probe])).toMatchObject({ because: 'vcpu-quota' });
  });

  test('is over when a container has started since, whether it still runs or has stopped', () => {
    const stopped = [exampleNotStarted('vcpu-quota', { stoppedAt: NOW - 5 * MINUTE })];
    expect(obstacle([...stopped, started(NOW - MINUTE)])).toEqual({ brake: 'off' });
    const active = [exampleActive({ createdAt: NOW - MINUTE, startedAt: NOW - 1_000 })];
    expect(startObstacle({ at: NOW, active, stopped }, SUBNETS)).toEqual({ brake: 'off' });
  });

  test.each<[StartFault, number]>([
    ['no-addresses', 1],
    ['image-unavailable', 5],
  ])('%s is not over because a task ends that had started before', (fault, count) => {
    const old = exampleStopped({
      createdAt: NOW - 40 * MINUTE,
      startedAt: NOW - 39 * MINUTE,
      stoppedAt: NOW - 1_000,
      exitCode: 0,
    });
    const failed = several(count, () => exampleNotStarted(fault, { stoppedAt: NOW - 20_000 }));
    expect(hold([...failed, old])).toMatchObject({ action: 'hold', because: fault });
  });

  test('is not want of capacity, which the other provider makes up for', () => {
    expect(obstacle(several(9, () => exampleNotStarted('lack-of-capacity')))).toEqual({
      brake: 'off',
    });
  });
});

describe('a full subnet', () => {
  test('is left out while another one may have room', () => {
    const stopped = several(9, () => full('subnet-1'));
    expect(obstacle(stopped)).toEqual({ brake: 'off' });
    expect(fullSubnets({ at: NOW, stopped })).toEqual(['subnet-1']);
  });

  test('is tried again after twenty minutes', () => {
    expect(fullSubnets({ at: NOW, stopped: [full('subnet-1', NOW - 20 * MINUTE)] })).toEqual([]);
  });

  test('counts as all of them where ECS does not say which it was', () => {
    expect(hold([exampleNotStarted('no-addresses')])).toMatchObject({ because: 'no-addresses' });
  });

  test('holds the launches when every subnet is full, with the fleet that had room', () => {
    expect(hold([full('subnet-1'), full('subnet-2')])).toMatchObject({
      action: 'hold',
      because: 'no-addresses',
    });
  });
});
