import {
  exampleActive,
  exampleNotStarted,
  exampleStopped,
  MINUTE,
  NOW,
  several,
} from '../../test/fakes/scaler/examples';
import { type Circumstances, runnableHandler } from '../../test/fakes/scaler/runnable-handler';
import type { LaunchBatch } from './ports';

describe('the line of a run', () => {
  const full = [exampleNotStarted('no-addresses')];
  const noImage = { 'task-definition': 'none' };

  test.each<[string, object, Circumstances]>([
    [
      'an idle backlog',
      { IdleBacklog: 1, NoImage: 0 },
      { depth: { backlog: 1 }, parameters: { enabled: 'false' } },
    ],
    ['none in a run that launches', { IdleBacklog: 0, Launched: 1 }, { depth: { backlog: 1 } }],
    [
      'none while a task runs',
      { IdleBacklog: 0 },
      { depth: { backlog: 1 }, active: [exampleActive()] },
    ],
    [
      'none before the first image',
      { IdleBacklog: 0, NoImage: 1 },
      { depth: { backlog: 1 }, parameters: noImage },
    ],
    ['a lack of room', { NoRoom: 1, CannotStart: 0 }, { depth: { backlog: 1 }, stopped: full }],
    [
      'subnets without addresses',
      { NoRoom: 1 },
      { depth: { backlog: 1 }, free: { 'subnet-1': 0 } },
    ],
    [
      'an image that cannot be pulled',
      { NoRoom: 0, CannotStart: 1, TasksFailing: 0 },
      { depth: { backlog: 1 }, stopped: several(5, () => exampleNotStarted('image-unavailable')) },
    ],
  ])('tells %s by a metric of its own', async (_what, metrics, circumstances) => {
    const run = runnableHandler(circumstances);
    await run.handler({});
    expect(run.line()).toMatchObject(metrics);
  });

  test('carries its metrics in the same line, each of them with a value', async () => {
    const run = runnableHandler({ depth: { backlog: 60 }, active: [exampleActive()] });
    await run.handler({});
    const line = run.line();
    const [directive, ...others] = line._aws.CloudWatchMetrics;
    expect(others).toEqual([]);
    expect(directive).toMatchObject({
      Namespace: 'Spillway',
      Dimensions: [['environment', 'pipeline']],
    });
    const metrics = directive.Metrics.map(({ Name }: { Name: string }) => [Name, line[Name]]);
    expect(Object.fromEntries(metrics)).toEqual({
      Backlog: 60,
      InFlight: 0,
      Delayed: 0,
      RunningOnDemand: 1,
      RunningSpot: 0,
      PendingOnDemand: 0,
      PendingSpot: 0,
      Desired: 6,
      Launched: 5,
      LaunchFailures: 0,
      TasksFailing: 0,
      NoRoom: 0,
      CannotStart: 0,
      IdleBacklog: 0,
      NoImage: 0,
    });
  });

  test('counts a hold under its reason', async () => {
    const run = runnableHandler({ depth: { inFlight: 5 } });
    await run.handler({});
    const line = run.line();
    expect(line).toMatchObject({ Holds: 1, Reason: 'nothing-visible' });
    expect(line._aws.CloudWatchMetrics[1]).toMatchObject({
      Dimensions: [['environment', 'pipeline', 'Reason']],
      Metrics: [{ Name: 'Holds' }],
    });
  });

  test('sends no metrics and lists no stopped tasks while the pipeline is at rest', async () => {
    const run = runnableHandler({});
    await run.handler({});
    expect(run.line()).toMatchObject({ decided: { because: 'nothing-visible' } });
    expect(run.line()).not.toHaveProperty('_aws');
    expect(run.stoppedListed()).toBe(0);
  });

  test('alarms on failing tasks through a metric', async () => {
    const stopped = several(5, () => exampleStopped({ stoppedAt: NOW - MINUTE / 4 }));
    const run = runnableHandler({ depth: { backlog: 99 }, stopped });
    await run.handler({});
    expect(run.line()).toMatchObject({
      TasksFailing: 1,
      Reason: 'tasks-failing',
      seen: { stopped: 5 },
    });
  });
});

describe('the line of a run says how many tasks are lacking, and why:', () => {
  const probing = several(5, () =>
    exampleNotStarted('vcpu-quota', { stoppedAt: NOW - 10 * MINUTE, createdAt: NOW - 11 * MINUTE }),
  );
  const refused = (kind: 'overQuota' | 'retryable', reason: string) => (batch: LaunchBatch) => ({
    [kind]: batch.count,
    reasons: [reason],
  });

  test.each<[string, Circumstances, object]>([
    ['too few addresses', { free: { 'subnet-1': 2 } }, { tasks: 4, because: ['no-addresses'] }],
    ['no address', { free: { 'subnet-1': 0 } }, { tasks: 6, because: ['no-addresses'] }],
    ['a quota that lets one task try', { stopped: probing }, { tasks: 5, because: ['vcpu-quota'] }],
    [
      'a quota that RunTask meets',
      { result: refused('overQuota', 'limit on the number of vCPUs') },
      { tasks: 6, because: ['vcpu-quota'] },
    ],
    [
      'a launch rate',
      { result: refused('retryable', 'Rate exceeded') },
      { tasks: 6, because: ['Rate exceeded'] },
    ],
  ])('%s', async (_what, circumstances, lacking) => {
    const run = runnableHandler({ depth: { backlog: 60 }, ...circumstances });
    await run.handler({});
    expect(run.line().lacking).toEqual(lacking);
  });

  test.each<[string, Circumstances]>([
    ['it has what it wants', { depth: { backlog: 60 } }],
    ['an operator has paused it', { depth: { backlog: 60 }, parameters: { enabled: 'false' } }],
    ['there is no job', {}],
  ])('nothing when %s', async (_what, circumstances) => {
    const run = runnableHandler(circumstances);
    await run.handler({});
    expect(run.line()).not.toHaveProperty('lacking');
  });
});
