import { ECSClient } from '@aws-sdk/client-ecs';
import { type Answers, clientOptions, FakeAws } from '../../test/fakes/aws-server';
import { createTasks } from './tasks';

const PLACE = { cluster: 'c', family: 'worker', startedBy: 'scaler' };

let fakes: FakeAws[] = [];
afterEach(async () => {
  for (const aws of fakes) await aws.stop();
  fakes = [];
});

/** An ECS with these tasks, of which ListTasks lists two a page. */
async function ecsWith(tasks: readonly object[]): Promise<FakeAws> {
  const answers: Answers = {
    ListTasks: ({ nextToken, desiredStatus }) => {
      const from = Number(nextToken ?? 0);
      const listed = tasks.map((task, index) => ({ arn: String(index), ...task })) as {
        arn: string;
        desired?: string;
      }[];
      const wanted = listed.filter(({ desired = 'RUNNING' }) => desired === desiredStatus);
      const taskArns = wanted.slice(from, from + 2).map(({ arn }) => arn);
      return {
        body: { taskArns, ...(from + 2 < wanted.length && { nextToken: String(from + 2) }) },
      };
    },
    StopTask: () => ({ body: {} }),
    DescribeTasks: (input) => ({
      body: { tasks: (input.tasks as readonly string[]).map((arn) => tasks[Number(arn)]) },
    }),
  };
  const aws = await FakeAws.start(answers);
  fakes.push(aws);
  return aws;
}

const tasksOn = (aws: FakeAws) =>
  createTasks(
    new ECSClient(clientOptions(aws)),
    (endpoint) => new ECSClient(clientOptions({ endpoint })),
  );
const task = (lastStatus: string, capacityProviderName: string, more: object = {}) => ({
  lastStatus,
  capacityProviderName,
  startedBy: 'scaler',
  ...more,
});

test('lives are those of active tasks and of stopped ones, with what Spot took back', async () => {
  const [createdAt, startedAt, stoppedAt] = [1_000, 1_040, 1_100];
  const ecs = await ecsWith([
    task('PENDING', 'FARGATE', { createdAt }),
    task('RUNNING', 'FARGATE', { createdAt, startedAt, startedBy: 'canary' }),
    task('STOPPED', 'FARGATE_SPOT', {
      ...{ desired: 'STOPPED', createdAt, startedAt, stoppedAt, stopCode: 'SpotInterruption' },
    }),
  ]);
  expect(await tasksOn(ecs).lives(PLACE)).toEqual([
    { capacityProvider: 'FARGATE', createdAt: 1_000_000, isInterrupted: false },
    {
      capacityProvider: 'FARGATE_SPOT',
      ...{ createdAt: 1_000_000, startedAt: 1_040_000, stoppedAt: 1_100_000 },
      isInterrupted: true,
    },
  ]);
});

describe('fleet', () => {
  test('counts the tasks of all pages by provider and state, without those of others', async () => {
    const ecs = await ecsWith([
      task('RUNNING', 'FARGATE'),
      task('PENDING', 'FARGATE'),
      task('PROVISIONING', 'FARGATE_SPOT'),
      task('RUNNING', 'FARGATE_SPOT', { startedBy: 'canary' }),
      task('RUNNING', 'FARGATE_SPOT'),
    ]);
    expect(await tasksOn(ecs).fleet(PLACE)).toEqual({
      FARGATE: { running: 1, pending: 1 },
      FARGATE_SPOT: { running: 1, pending: 1 },
    });
    expect(
      ecs.calls.filter(({ operation }) => operation === 'ListTasks').map(({ input }) => input),
    ).toEqual([
      { cluster: 'c', family: 'worker', desiredStatus: 'RUNNING' },
      { cluster: 'c', family: 'worker', desiredStatus: 'RUNNING', nextToken: '2' },
      { cluster: 'c', family: 'worker', desiredStatus: 'RUNNING', nextToken: '4' },
    ]);
  });

  test('is empty where no task is listed, and then describes none', async () => {
    const ecs = await ecsWith([]);
    const none = { running: 0, pending: 0 };
    expect(await tasksOn(ecs).fleet(PLACE)).toEqual({ FARGATE: none, FARGATE_SPOT: none });
    expect(ecs.calls).toHaveLength(1);
  });

  test('fails with the name of a cluster that is not there', async () => {
    const type = 'ClusterNotFoundException';
    const ecs = await FakeAws.start({ ListTasks: () => ({ status: 400, type }) });
    fakes.push(ecs);
    await expect(tasksOn(ecs).fleet(PLACE)).rejects.toMatchObject({
      message: 'There is no cluster c: deploy the stacks of this environment first.',
      cause: { name: type },
    });
  });

  test('is looked for where ECS is, when that is another endpoint', async () => {
    const [usual, other] = [await ecsWith([]), await ecsWith([task('RUNNING', 'FARGATE')])];
    const fleet = await tasksOn(usual).fleet({ ...PLACE, endpoint: other.endpoint });
    expect([fleet.FARGATE.running, usual.calls.length]).toEqual([1, 0]);
  });
});

describe('stopping', () => {
  test('counts on all pages those that are told to stop, and have not yet', async () => {
    const ecs = await ecsWith(
      ['STOPPED', 'STOPPED', 'DEACTIVATING', 'RUNNING', 'STOPPING'].map((status) =>
        task(status, 'FARGATE', { desired: 'STOPPED' }),
      ),
    );
    expect(await tasksOn(ecs).stopping(PLACE)).toBe(3);
  });
});

describe('stopWarm', () => {
  test('stops the tasks that a launch told to stay, and no other', async () => {
    const warm = {
      containerOverrides: [{ name: 'worker', environment: [{ name: 'IDLE_EXIT_SECONDS' }] }],
    };
    const ecs = await ecsWith([
      task('RUNNING', 'FARGATE', { taskArn: 'warm', overrides: warm }),
      task('RUNNING', 'FARGATE', { taskArn: 'usual' }),
      task('RUNNING', 'FARGATE', { taskArn: 'canary', startedBy: 'canary', overrides: warm }),
    ]);
    expect(await tasksOn(ecs).stopWarm(PLACE)).toBe(1);
    const stops = ecs.calls.filter(({ operation }) => operation === 'StopTask');
    expect(stops.map(({ input }) => input)).toEqual([
      { cluster: 'c', task: 'warm', reason: 'spillway pause' },
    ]);
  });
});
