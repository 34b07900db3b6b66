import fc from 'fast-check';
import { NOW } from '../../../test/fakes/scaler/examples';
import {
  type LaunchBatch,
  type LaunchResult,
  NOTHING_LAUNCHED,
  type TasksByProvider,
} from '../ports';
import { launch } from './launch';

const plan = (FARGATE: number, FARGATE_SPOT: number, remainingMilliseconds = () => 60_000) => ({
  environment: 'test',
  pipeline: 'photos',
  scheduledMinute: NOW,
  taskDefinition: 'photos:7',
  tasks: { FARGATE, FARGATE_SPOT } satisfies TasksByProvider,
  warm: 0,
  maxTaskSeconds: 3_600,
  variables: {},
  subnets: { ids: ['subnet-1', 'subnet-2'], full: [] as readonly string[] },
  remainingMilliseconds,
});
type Answer = (batch: LaunchBatch, call: number) => Partial<LaunchResult>;
const ecs = (answer: Answer = ({ count }) => ({ launched: count })) => {
  const batches: LaunchBatch[] = [];
  return {
    batches,
    launch: async (batch: LaunchBatch) => {
      batches.push(batch);
      return { ...NOTHING_LAUNCHED, ...answer(batch, batches.length - 1) };
    },
  };
};
const sizes = (batches: readonly LaunchBatch[]) =>
  batches.map(({ capacityProvider, count }) => `${count} ${capacityProvider}`);

describe('launch', () => {
  test('asks for ten tasks a call at most, of one capacity provider each', async () => {
    const tasks = ecs();
    const done = await launch(plan(4, 23), tasks);
    expect(sizes(tasks.batches)).toEqual([
      '10 FARGATE_SPOT',
      '10 FARGATE_SPOT',
      '3 FARGATE_SPOT',
      '4 FARGATE',
    ]);
    expect(done).toMatchObject({
      launched: { FARGATE: 4, FARGATE_SPOT: 23 },
      retryable: 0,
      permanent: 0,
    });
  });

  test('asks a model for more, except in the batch that a wake-up shares', async () => {
    const tasks = { ...ecs(), tasksPerCall: 30 };
    await launch({ ...plan(41, 41), isFirst: true }, tasks);
    expect(sizes(tasks.batches)).toEqual([
      ...['30 FARGATE_SPOT', '11 FARGATE_SPOT'],
      ...['10 FARGATE', '30 FARGATE', '1 FARGATE'],
    ]);
  });

  test('sends each batch with a token of its own, the same one in a repeated run', async () => {
    const [first, second] = [ecs(), ecs()];
    await launch(plan(30, 30), first);
    await launch(plan(30, 30), second);
    const tokens = first.batches.map(({ clientToken }) => clientToken);
    expect(new Set(tokens).size).toBe(6);
    expect(second.batches.map(({ clientToken }) => clientToken)).toEqual(tokens);
  });

  test('makes no call when there is nothing to launch', async () => {
    const tasks = ecs();
    await launch(plan(0, 0), tasks);
    expect(tasks.batches).toEqual([]);
  });

  test('makes up on FARGATE, in the same run, what Spot has no room for', async () => {
    const tasks = ecs(({ capacityProvider, count }) =>
      capacityProvider === 'FARGATE'
        ? { launched: count }
        : { launched: 4, lackOfCapacity: 6, reasons: ['no room'] },
    );
    const done = await launch(plan(2, 25), tasks);
    expect(sizes(tasks.batches)).toEqual([
      '10 FARGATE_SPOT',
      '10 FARGATE',
      '10 FARGATE',
      '3 FARGATE',
    ]);
    expect(done).toMatchObject({
      launched: { FARGATE: 23, FARGATE_SPOT: 4 },
      madeUpOnDemand: 21,
      retryable: 0,
      reasons: ['no room'],
    });
  });

  test('leaves what FARGATE has no room for to the next run', async () => {
    const tasks = ecs(() => ({ lackOfCapacity: 10, reasons: ['no room'] }));
    expect(await launch(plan(20, 0), tasks)).toMatchObject({ retryable: 20, madeUpOnDemand: 0 });
    expect(tasks.batches).toHaveLength(1);
  });

  test.each(['retryable', 'permanent'] as const)(
    'stops a provider after a %s failure, and counts the rest with it',
    async (kind) => {
      const tasks = ecs((_, call) => (call === 0 ? { launched: 10 } : { launched: 7, [kind]: 3 }));
      expect(await launch(plan(45, 0), tasks)).toMatchObject({
        launched: { FARGATE: 17 },
        [kind]: 28,
      });
      expect(tasks.batches).toHaveLength(2);
    },
  );

  test('continues after a batch that an earlier run of the minute has launched', async () => {
    const tasks = ecs(({ count }, call) =>
      call === 0 ? { alreadyLaunched: count } : { launched: count },
    );
    expect(await launch(plan(15, 0), tasks)).toMatchObject({
      alreadyLaunched: 10,
      launched: { FARGATE: 5 },
    });
  });

  test('stops in time to report it when the run is nearly over', async () => {
    let left = 40_000;
    const tasks = ecs(({ count }) => {
      left -= 20_000;
      return { launched: count };
    });
    const done = await launch(
      plan(50, 0, () => left),
      tasks,
    );
    expect(done).toMatchObject({ launched: { FARGATE: 20 }, retryable: 30 });
    expect(done.reasons).toEqual([expect.stringContaining('short of time')]);
  });

  test('names subnets with an address for each task of a batch, and leaves the rest', async () => {
    const tasks = ecs();
    const free = new Map([
      ['subnet-1', 12],
      ['subnet-2', 4],
    ]);
    const done = await launch(
      { ...plan(14, 10), subnets: { ids: [...free.keys()], full: [], free } },
      tasks,
    );
    expect(tasks.batches.map(({ count, subnets }) => [count, subnets])).toEqual([
      [10, ['subnet-1']],
      [4, ['subnet-2']],
      [2, ['subnet-1']],
    ]);
    expect(done).toMatchObject({
      launched: { FARGATE: 6, FARGATE_SPOT: 10 },
      unplaced: 8,
      retryable: 0,
    });
  });

  test('frees the addresses of Spot tasks that found no capacity', async () => {
    const tasks = ecs(({ capacityProvider, count }) =>
      capacityProvider === 'FARGATE' ? { launched: count } : { lackOfCapacity: count },
    );
    const free = new Map([['subnet-1', 8]]);
    const done = await launch(
      { ...plan(0, 8), subnets: { ids: ['subnet-1'], full: [], free } },
      tasks,
    );
    expect(done).toMatchObject({ launched: { FARGATE: 8 }, madeUpOnDemand: 8, unplaced: 0 });
  });

  test('accounts for every task, whatever ECS answers', async () => {
    const kinds = [
      'launched',
      'alreadyLaunched',
      'lackOfCapacity',
      'overQuota',
      'retryable',
      'permanent',
    ] as const;
    const answers = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(10)), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(60),
        fc.nat(60),
        answers,
        fc.nat(90),
        async (onDemand, spot, given, addresses) => {
          const tasks = ecs(({ count }, call) => {
            const [kind, some] = given[call % given.length] ?? ['launched', 0];
            const failed = kind === 'launched' ? 0 : Math.min(some, count);
            return { [kind]: failed, launched: count - failed };
          });
          const free = new Map([['subnet-1', addresses]]);
          const subnets = { ids: ['subnet-1'], full: [], free };
          const done = await launch({ ...plan(onDemand, spot), subnets }, tasks);
          expect(done.unplaced).toBeGreaterThanOrEqual(0);
          const { launched } = done;
          const total =
            launched.FARGATE +
            launched.FARGATE_SPOT +
            done.alreadyLaunched +
            done.overQuota +
            done.retryable +
            done.permanent +
            done.unplaced;
          expect(total).toBe(onDemand + spot);
        },
      ),
    );
  });
});

describe('launch of tasks that stay', () => {
  test('marks as many, on demand first, in batches of their own', async () => {
    const tasks = ecs();
    await launch({ ...plan(3, 14), warm: 5, variables: { JOB_LIMIT: '7' } }, tasks);
    expect(
      tasks.batches.map(({ capacityProvider, count, variables }) => [
        capacityProvider,
        count,
        variables,
      ]),
    ).toEqual([
      ['FARGATE_SPOT', 2, { JOB_LIMIT: '7', IDLE_EXIT_SECONDS: '3600' }],
      ['FARGATE_SPOT', 10, { JOB_LIMIT: '7' }],
      ['FARGATE_SPOT', 2, { JOB_LIMIT: '7' }],
      ['FARGATE', 3, { JOB_LIMIT: '7', IDLE_EXIT_SECONDS: '3600' }],
    ]);
    const tokens = tasks.batches.map(({ clientToken }) => clientToken);
    expect(new Set(tokens).size).toBe(4);
  });
});
