import { ECSClient } from '@aws-sdk/client-ecs';
import { type Answers, type AwsDouble, clientOptions, startAwsDouble } from './aws-double';
import { createTasks } from './tasks';

let double: AwsDouble;
afterEach(() => double.stop());

const settings = {
  environment: 'test',
  pipeline: 'photos',
  cluster: 'spillway',
  taskFamily: 'photos',
  containerName: 'worker',
  startedBy: 'spillway-scaler',
  subnets: ['subnet-1', 'subnet-2'],
  securityGroups: ['sg-1'],
  assignPublicIp: 'DISABLED' as const,
};
const tasksOf = async (answers: Answers) => {
  double = await startAwsDouble(answers);
  return createTasks(new ECSClient(clientOptions(double)), settings);
};

/** Epoch seconds, as ECS sends them. */
const CREATED = 1_773_151_500;

const task = (arn: string, changes: object = {}) => ({
  taskArn: arn,
  taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/photos:7',
  capacityProviderName: 'FARGATE',
  lastStatus: 'RUNNING',
  startedBy: 'spillway-scaler',
  createdAt: CREATED,
  startedAt: CREATED + 20.5,
  containers: [],
  ...changes,
});

/** Lists the tasks by pages of `pageSize`, and describes those asked for. */
const world = (tasks: readonly ReturnType<typeof task>[], pageSize = 100): Answers => ({
  ListTasks: ({ nextToken }) => {
    const start = Number(nextToken ?? 0);
    const end = start + pageSize;
    const taskArns = tasks.slice(start, end).map(({ taskArn }) => taskArn);
    return { body: { taskArns, ...(end < tasks.length ? { nextToken: String(end) } : {}) } };
  },
  DescribeTasks: (input) => {
    const asked = input.tasks as string[];
    if (asked.length > 100) return { status: 400, type: 'InvalidParameterException' };
    return { body: { tasks: tasks.filter(({ taskArn }) => asked.includes(taskArn)), failures: [] } };
  },
});

describe('active tasks', () => {
  it('are counted over all pages and described in hundreds', async () => {
    const tasks = await tasksOf(world(Array.from({ length: 250 }, (_, index) => task(`t${index}`))));
    expect(await tasks.active()).toHaveLength(250);
    expect(double.calls.filter(({ operation }) => operation === 'DescribeTasks')).toHaveLength(3);
  });

  it('are listed by cluster, family and desired status, and never by who started them', async () => {
    const tasks = await tasksOf(world([]));
    await tasks.active();
    expect(double.calls.map(({ input }) => input)).toEqual([
      { cluster: 'spillway', family: 'photos', desiredStatus: 'RUNNING' },
    ]);
  });

  it.each([
    ['running', 'RUNNING'],
    ['pending', 'PROVISIONING'],
    ['pending', 'PENDING'],
    ['pending', 'ACTIVATING'],
  ])('are %s in the state %s', async (state, lastStatus) => {
    const tasks = await tasksOf(world([task('t', { lastStatus })]));
    expect(await tasks.active()).toEqual([
      {
        taskDefinition: 'photos:7',
        capacityProvider: 'FARGATE',
        createdAt: CREATED * 1000,
        startedAt: CREATED * 1000 + 20_500,
        state,
      },
    ]);
  });

  it('are of every revision and of both capacity providers', async () => {
    const tasks = await tasksOf(
      world([
        task('a', { taskDefinitionArn: 'arn:aws:ecs:x:1:task-definition/photos:6' }),
        task('b', { capacityProviderName: 'FARGATE_SPOT' }),
      ]),
    );
    expect(await tasks.active()).toMatchObject([
      { taskDefinition: 'photos:6', capacityProvider: 'FARGATE' },
      { taskDefinition: 'photos:7', capacityProvider: 'FARGATE_SPOT' },
    ]);
  });

  it.each([
    ['a canary, which somebody else started', { startedBy: 'spillway-canary' }],
    ['a task that was run by hand', { startedBy: undefined }],
    ['a task that has begun to stop since it was listed', { lastStatus: 'DEACTIVATING' }],
  ])('leave out %s', async (_reason, changes) => {
    expect(await (await tasksOf(world([task('t', changes), task('u')]))).active()).toHaveLength(1);
  });

  it('leave out a task that ECS has forgotten since it was listed', async () => {
    const tasks = await tasksOf({
      ListTasks: () => ({ body: { taskArns: ['gone', 'here'] } }),
      DescribeTasks: () => ({
        body: { tasks: [task('here')], failures: [{ arn: 'gone', reason: 'MISSING' }] },
      }),
    });
    expect(await tasks.active()).toHaveLength(1);
  });

  it('fails when one of the pages cannot be described, rather than counting too few', async () => {
    const tasks = await tasksOf({
      ...world(Array.from({ length: 150 }, (_, index) => task(`t${index}`))),
      DescribeTasks: (_, call) =>
        call === 1 ? { status: 500, type: 'ServerException' } : { body: { tasks: [] } },
    });
    await expect(tasks.active()).rejects.toMatchObject({ name: 'ServerException' });
  });
});

const NO_ROOM =
  'Capacity is unavailable at this time. Please try again later or in a different availability zone';
const stopped = (changes: object = {}) =>
  task('s', {
    lastStatus: 'STOPPED',
    stoppedAt: CREATED + 60,
    stopCode: 'EssentialContainerExited',
    containers: [
      { name: 'aws-guardduty-agent', exitCode: 143 },
      { name: 'worker', exitCode: 3 },
    ],
    ...changes,
  });

describe('stopped tasks', () => {
  it('carry the exit code of the worker, whatever else ran beside it', async () => {
    const tasks = await tasksOf(world([stopped()]));
    expect(await tasks.stopped()).toEqual([
      expect.objectContaining({
        stoppedAt: (CREATED + 60) * 1000,
        stopCode: 'EssentialContainerExited',
        exitCode: 3,
        lackOfCapacity: false,
      }),
    ]);
    expect(double.calls[0]?.input.desiredStatus).toBe('STOPPED');
  });

  it.each([
    [true, 'its provider had no room', { stopCode: 'TaskFailedToStart', stoppedReason: NO_ROOM }],
    [
      false,
      'its image was missing',
      { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError' },
    ],
    [false, 'only its own words speak of room', { stoppedReason: NO_ROOM }],
  ])('say lack of capacity: %s, when %s', async (lackOfCapacity, _reason, changes) => {
    const [seen] = await (await tasksOf(world([stopped({ containers: [], ...changes })]))).stopped();
    expect(seen).toMatchObject({ lackOfCapacity });
    expect(seen).not.toHaveProperty('exitCode');
  });

  it('leave out a task that is still stopping', async () => {
    expect(await (await tasksOf(world([stopped({ lastStatus: 'STOPPING' })]))).stopped()).toEqual([]);
  });
});

const batch = {
  taskDefinition: 'photos:7',
  capacityProvider: 'FARGATE_SPOT' as const,
  count: 3,
  clientToken: 'token',
};
const nothing = { launched: 0, alreadyLaunched: 0, lackOfCapacity: 0, retryable: 0, permanent: 0 };
const launch = async (answer: Parameters<typeof tasksOf>[0][string]) =>
  (await tasksOf({ RunTask: answer })).launch(batch);

describe('launching a batch', () => {
  it('names one capacity provider, the network, the tags and who started it', async () => {
    const result = await launch(() => ({ body: { tasks: [task('a'), task('b'), task('c')], failures: [] } }));
    expect(result).toEqual({ ...nothing, launched: 3, reasons: [] });
    expect(double.calls[0]?.input).toEqual({
      cluster: 'spillway',
      taskDefinition: 'photos:7',
      count: 3,
      clientToken: 'token',
      startedBy: 'spillway-scaler',
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-1', 'subnet-2'],
          securityGroups: ['sg-1'],
          assignPublicIp: 'DISABLED',
        },
      },
      propagateTags: 'TASK_DEFINITION',
      enableECSManagedTags: true,
      tags: [
        { key: 'spillway:environment', value: 'test' },
        { key: 'spillway:pipeline', value: 'photos' },
      ],
    });
  });

  it.each([
    ['lackOfCapacity', [{ reason: NO_ROOM }]],
    ['retryable', [{ reason: "You've reached the limit on the number of vCPUs you can run concurrently" }]],
    ['permanent', [{ reason: 'MISSING', detail: 'no such cluster' }]],
    ['lackOfCapacity', [{ reason: 'MISSING' }, { reason: NO_ROOM }]],
    ['retryable', []],
  ])('counts tasks that were not launched as %s for the failures %j', async (kind, failures) => {
    const result = await launch(() => ({ body: { tasks: [task('a')], failures } }));
    expect(result).toMatchObject({ ...nothing, launched: 1, [kind]: 2 });
    expect(result.reasons).toHaveLength(failures.length);
  });

  it.each([
    ['alreadyLaunched', 400, 'ConflictException', 'token used with other parameters'],
    ['retryable', 400, 'ThrottlingException', 'Rate exceeded'],
    ['retryable', 500, 'ServerException', 'oops'],
    ['retryable', 503, 'SomethingNew', 'oops'],
    ['retryable', 400, 'ClientException', 'You have reached the limit on the number of tasks'],
    ['lackOfCapacity', 400, 'ClientException', NO_ROOM],
    ['permanent', 400, 'ClientException', 'Unable to find task definition'],
    ['permanent', 400, 'InvalidParameterException', 'subnet-1 does not exist'],
    ['permanent', 400, 'AccessDeniedException', 'not allowed to perform ecs:TagResource'],
    ['permanent', 400, 'ClusterNotFoundException', 'Cluster not found.'],
  ])('counts the whole batch as %s after %i %s: %s', async (kind, status, type, message) => {
    const result = await launch(() => ({ status, type, message }));
    expect(result).toMatchObject({ ...nothing, [kind]: 3 });
    expect(result.reasons).toEqual(kind === 'alreadyLaunched' ? [] : [`${type}: ${message}`]);
  });

  it('counts the batch as retryable when nobody answers', async () => {
    const tasks = await tasksOf({});
    await double.stop();
    expect(await tasks.launch(batch)).toMatchObject({ ...nothing, retryable: 3 });
  });
});
