import {
  exampleActive,
  exampleNotStarted,
  examplePolicy,
  exampleStopped,
  MINUTE,
  NOW,
  several,
} from '../../test/fakes/scaler/examples';
import { createHandler } from './handler';
import { NOTHING_LAUNCHED } from './launch-result';
import type { LaunchBatch, LaunchResult, QueueDepth } from './ports';
import type { Ports } from './scale';

const { taskDefinition: _, ...configured } = examplePolicy({ jobsPerTask: 10 });
const settings = {
  pipeline: 'photos',
  environment: 'test',
  parameterPath: '/spillway/test/photos/',
  taskFamily: 'photos',
  subnets: ['subnet-1', 'subnet-2'],
  configured,
};

interface World {
  readonly depth?: Partial<QueueDepth>;
  readonly parameters?: Record<string, string>;
  readonly active?: ReturnType<typeof exampleActive>[];
  readonly stopped?: ReturnType<typeof exampleStopped>[];
  readonly free?: Record<string, number>;
  readonly result?: (batch: LaunchBatch) => Partial<LaunchResult>;
}

const play = (world: World, ports: Partial<Ports> = {}) => {
  const lines: string[] = [];
  const batches: LaunchBatch[] = [];
  let stoppedListed = 0;
  const handler = createHandler({
    now: () => NOW,
    write: (line) => lines.push(line),
    connect: () => ({
      settings,
      ports: {
        queue: { depth: async () => ({ backlog: 0, inFlight: 0, delayed: 0, ...world.depth }) },
        parameters: {
          read: async () =>
            new Map(Object.entries({ 'task-definition': 'photos:7', ...world.parameters })),
        },
        tasks: {
          active: async () => world.active ?? [],
          stopped: async () => {
            stoppedListed++;
            return world.stopped ?? [];
          },
          launch: async (batch) => {
            batches.push(batch);
            const result = world.result ?? (({ count }) => ({ launched: count }));
            return { ...NOTHING_LAUNCHED, ...result(batch) };
          },
        },
        network: {
          freeAddresses: async () => new Map(Object.entries(world.free ?? { 'subnet-1': 99 })),
        },
        ...ports,
      },
    }),
  });
  const line = () => {
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    return JSON.parse(lines[0] ?? '');
  };
  return { handler, line, batches, stoppedListed: () => stoppedListed };
};

describe('a run', () => {
  test('tells in one line what was seen, what was decided and what was done', async () => {
    const run = play({
      depth: { backlog: 60, inFlight: 12, delayed: 3 },
      active: [
        exampleActive(),
        exampleActive({ capacityProvider: 'FARGATE_SPOT', state: 'pending' }),
      ],
    });
    await run.handler({ scheduledTime: '2026-03-10T14:05:00Z' });
    expect(run.line()).toMatchObject({
      timestamp: '2026-03-10T14:05:30.000Z',
      level: 'info',
      event: 'scale',
      environment: 'test',
      pipeline: 'photos',
      scheduledMinute: '2026-03-10T14:05:00.000Z',
      seen: {
        backlog: 60,
        inFlight: 12,
        delayed: 3,
        running: { FARGATE: 1, FARGATE_SPOT: 0 },
        pending: { FARGATE: 0, FARGATE_SPOT: 1 },
      },
      policy: { maxTasks: 10, taskDefinition: 'photos:7' },
      decided: {
        action: 'launch',
        because: 'shortfall',
        desired: 8,
        tasks: { FARGATE: 2, FARGATE_SPOT: 4 },
      },
      done: { launched: { FARGATE: 2, FARGATE_SPOT: 4 }, retryable: 0, permanent: 0 },
    });
  });

  test('by hand launches besides the scheduled one of its minute, and names itself in its line', async () => {
    const run = play({ depth: { backlog: 1 } });
    const scheduledTime = '2026-03-10T14:05:00Z';
    const scheduled = await run.handler({ scheduledTime });
    const byHand = await run.handler({ scheduledTime, invocationId: 'a' });
    expect(scheduled).not.toMatchObject({ invocationId: expect.anything() });
    expect(byHand).toMatchObject({ invocationId: 'a' });
    const [first, second] = run.batches.map(({ clientToken }) => clientToken);
    expect(first).not.toBe(second);
  });

  const full = [exampleNotStarted('no-addresses')];
  const noImage = { 'task-definition': 'none' };

  test.each<[string, object, World]>([
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
  ])('tells %s by a metric of its own', async (_what, metrics, world) => {
    const run = play(world);
    await run.handler({});
    expect(run.line()).toMatchObject(metrics);
  });

  test('carries its metrics in the same line, each of them with a value', async () => {
    const run = play({ depth: { backlog: 60 }, active: [exampleActive()] });
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
    const run = play({ depth: { inFlight: 5 } });
    await run.handler({});
    const line = run.line();
    expect(line).toMatchObject({ Holds: 1, Reason: 'nothing-visible' });
    expect(line._aws.CloudWatchMetrics[1]).toMatchObject({
      Dimensions: [['environment', 'pipeline', 'Reason']],
      Metrics: [{ Name: 'Holds' }],
    });
  });

  test('sends no metrics and lists no stopped tasks while the pipeline is at rest', async () => {
    const run = play({});
    await run.handler({});
    expect(run.line()).toMatchObject({ decided: { because: 'nothing-visible' } });
    expect(run.line()).not.toHaveProperty('_aws');
    expect(run.stoppedListed()).toBe(0);
  });

  test('launches the promoted revision and nothing else', async () => {
    const run = play({ depth: { backlog: 1 }, parameters: { 'task-definition': 'photos:9' } });
    await run.handler({});
    expect(run.batches).toMatchObject([
      { taskDefinition: 'photos:9', capacityProvider: 'FARGATE', count: 1 },
    ]);
  });

  test.each([
    ['disabled', { enabled: 'false' }],
    ['no-image-yet', { 'task-definition': 'none' }],
  ])('holds with the reason %s', async (because, parameters) => {
    const run = play({ depth: { backlog: 99 }, parameters });
    await run.handler({});
    expect(run.line().decided).toMatchObject({ action: 'hold', because });
    expect(run.batches).toEqual([]);
  });

  test('alarms on failing tasks through a metric', async () => {
    const stopped = several(5, () => exampleStopped({ stoppedAt: NOW - MINUTE / 4 }));
    const run = play({ depth: { backlog: 99 }, stopped });
    await run.handler({});
    expect(run.line()).toMatchObject({
      TasksFailing: 1,
      Reason: 'tasks-failing',
      seen: { stopped: 5 },
    });
  });

  test('takes throttled tasks for something that the next run mends', async () => {
    const run = play({
      depth: { backlog: 99 },
      result: ({ count }) => ({ retryable: count, reasons: ['Rate exceeded'] }),
    });
    await run.handler({});
    expect(run.line()).toMatchObject({ level: 'info', LaunchFailures: 10, Launched: 0 });
  });

  test('uses the deadline of its invocation', async () => {
    const run = play({ depth: { backlog: 99 } });
    await run.handler({}, { getRemainingTimeInMillis: () => 1_000 });
    expect(run.line()).toMatchObject({ done: { retryable: 10 } });
    expect(run.batches).toEqual([]);
  });
});

describe('after its line, a run', () => {
  test('fails when a parameter is wrong: nothing is launched, and the line says what to mend', async () => {
    const run = play({
      depth: { backlog: 99 },
      parameters: { 'max-tasks': 'ten', enabled: 'maybe' },
    });
    await expect(run.handler({})).rejects.toThrow('max-tasks must be');
    expect(run.batches).toEqual([]);
    expect(run.line()).toMatchObject({
      level: 'error',
      decided: { action: 'hold', because: 'invalid-parameters' },
      error: expect.stringMatching(
        /max-tasks must be[\s\S]*enabled must be|enabled must be[\s\S]*max-tasks must be/,
      ),
      seen: { backlog: 99 },
    });
  });

  test('fails when ECS refuses tasks for good', async () => {
    const run = play({
      depth: { backlog: 9 },
      result: ({ count }) => ({ permanent: count, reasons: ['no subnet'] }),
    });
    await expect(run.handler({})).rejects.toThrow('no subnet');
    expect(run.line()).toMatchObject({ level: 'error', done: { permanent: 1 }, LaunchFailures: 1 });
  });

  test('fails when the queue cannot be seen: nothing is launched on a guess', async () => {
    const queue = { depth: () => Promise.reject(new Error('no such queue')) };
    const run = play({ active: [] }, { queue });
    await expect(run.handler({})).rejects.toThrow('no such queue');
    expect(run.line()).toMatchObject({ level: 'error', event: 'scale', error: 'no such queue' });
    expect(run.batches).toEqual([]);
  });
});
