import { ECSClient } from '@aws-sdk/client-ecs';
import { type Answers, clientOptions, FakeAws } from '../../../test/fakes/aws-server';
import { TASK_SETTINGS } from '../../../test/fakes/scaler/examples';
import { createTasks } from './tasks';

let aws: FakeAws;
afterEach(() => aws.stop());

const tasksOf = async (answers: Answers) => {
  aws = await FakeAws.start(answers);
  return createTasks(new ECSClient(clientOptions(aws)), TASK_SETTINGS);
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
const ecsWith = (tasks: readonly ReturnType<typeof task>[], pageSize = 100): Answers => ({
  ListTasks: ({ nextToken }) => {
    const start = Number(nextToken ?? 0);
    const end = start + pageSize;
    const taskArns = tasks.slice(start, end).map(({ taskArn }) => taskArn);
    return { body: { taskArns, ...(end < tasks.length ? { nextToken: String(end) } : {}) } };
  },
  DescribeTasks: (input) => {
    const asked = input.tasks as string[];
    if (asked.length > 100) return { status: 400, type: 'InvalidParameterException' };
    return {
      body: { tasks: tasks.filter(({ taskArn }) => asked.includes(taskArn)), failures: [] },
    };
  },
});

describe('active tasks', () => {
  test('are counted over all pages and described in hundreds', async () => {
    const many = Array.from({ length: 250 }, (_, index) => task(`t${index}`));
    const tasks = await tasksOf(ecsWith(many));
    expect(await tasks.active()).toHaveLength(250);
    expect(aws.calls.filter(({ operation }) => operation === 'DescribeTasks')).toHaveLength(3);
  });

  test('are listed by cluster, family and desired status, never by their starter', async () => {
    const tasks = await tasksOf(ecsWith([]));
    await tasks.active();
    expect(aws.calls.map(({ input }) => input)).toEqual([
      { cluster: 'spillway', family: 'photos', desiredStatus: 'RUNNING' },
    ]);
  });

  test.each([
    [true, 'worker', 'IDLE_EXIT_SECONDS'],
    [undefined, 'worker', 'JOB_LIMIT'],
    [undefined, 'guard', 'IDLE_EXIT_SECONDS'],
  ])('are warm: %s, when the container %s was launched with %s', async (isWarm, name, variable) => {
    const environment = [{ name: variable, value: '3600' }];
    const overrides = { containerOverrides: [{ name, environment }] };
    const tasks = await tasksOf(ecsWith([task('t', { overrides })]));
    expect((await tasks.active()).map((one) => one.isWarm)).toEqual([isWarm]);
  });

  test.each([
    ['running', 'RUNNING'],
    ['pending', 'PROVISIONING'],
    ['pending', 'PENDING'],
    ['pending', 'ACTIVATING'],
  ])('are %s in the state %s', async (state, lastStatus) => {
    const tasks = await tasksOf(ecsWith([task('t', { lastStatus })]));
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

  test.each([
    ['subnet-1', 'PROVISIONING'],
    [undefined, 'PENDING'],
    [undefined, 'RUNNING'],
  ])('wait for their address in %s in the state %s', async (subnet, lastStatus) => {
    const attachments = [{ details: [{ name: 'subnetId', value: 'subnet-1' }] }];
    const tasks = await tasksOf(ecsWith([task('t', { lastStatus, attachments })]));
    expect((await tasks.active()).map(({ awaitsAddressIn }) => awaitsAddressIn)).toEqual([subnet]);
  });

  test('are of every revision and of both capacity providers', async () => {
    const tasks = await tasksOf(
      ecsWith([
        task('a', { taskDefinitionArn: 'arn:aws:ecs:x:1:task-definition/photos:6' }),
        task('b', { capacityProviderName: 'FARGATE_SPOT' }),
      ]),
    );
    expect(await tasks.active()).toMatchObject([
      { taskDefinition: 'photos:6', capacityProvider: 'FARGATE' },
      { taskDefinition: 'photos:7', capacityProvider: 'FARGATE_SPOT' },
    ]);
  });

  test.each([
    ['a canary, which the deployer started', { startedBy: 'spillway-canary' }],
    ['a task that was run by hand', { startedBy: undefined }],
    ['a task that has begun to stop since it was listed', { lastStatus: 'DEACTIVATING' }],
  ])('leave out %s', async (_reason, changes) => {
    expect(await (await tasksOf(ecsWith([task('t', changes), task('u')]))).active()).toHaveLength(
      1,
    );
  });

  test('leave out a task that ECS has forgotten since it was listed', async () => {
    const tasks = await tasksOf({
      ListTasks: () => ({ body: { taskArns: ['gone', 'here'] } }),
      DescribeTasks: () => ({
        body: { tasks: [task('here')], failures: [{ arn: 'gone', reason: 'MISSING' }] },
      }),
    });
    expect(await tasks.active()).toHaveLength(1);
  });

  test('fails when a page cannot be described, rather than counting too few', async () => {
    const tasks = await tasksOf({
      ...ecsWith(Array.from({ length: 150 }, (_, index) => task(`t${index}`))),
      DescribeTasks: (_, call) =>
        call === 1 ? { status: 500, type: 'ServerException' } : { body: { tasks: [] } },
    });
    await expect(tasks.active()).rejects.toMatchObject({ name: 'ServerException' });
  });
});

const NO_ROOM =
  'Capacity is unavailable at this time. Please try again later or in a different ' +
  'availability zone';
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
  test('carry the exit code of the worker, whatever else ran beside it', async () => {
    const tasks = await tasksOf(ecsWith([stopped()]));
    expect(await tasks.stopped()).toEqual([
      expect.objectContaining({
        stoppedAt: (CREATED + 60) * 1000,
        stopCode: 'EssentialContainerExited',
        exitCode: 3,
      }),
    ]);
    expect(aws.calls[0]?.input.desiredStatus).toBe('STOPPED');
  });

  const FULL =
    'Unexpected EC2 error while attempting to Create Network Interface with public IP ' +
    "assignment enabled in subnet 'subnet-2': InsufficientFreeAddressesInSubnet";

  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
  test.each([
    ['lack-of-capacity', NO_ROOM],
    ['no-addresses', FULL],
    ['vcpu-quota', "You've reached the limit on the number of vCPUs you can run concurrently"],
    [
      'image-unavailable',
      'CannotPullContainerError: pull image manifest has been retried 5 time(s)',
    ],
    ['image-unavailable', 'CannotPullImageManifestError: Error response from daemon'],
    [
      'resources-unavailable',
      'ResourceInitializationError: unable to pull secrets or registry auth: execution ' +
        'resource retrieval failed',
    ],
    ['no-addresses', FULL.replace(/:.*/, '')],
    ['resources-unavailable', FULL.replace(/:.*/, ': AuthFailure')],
    ['resources-unavailable', 'Timeout waiting for network interface provisioning to complete.'],
    ['resources-unavailable', 'InternalError: attachment was not reported in time'],
    [undefined, 'CannotStartContainerError: exec: "node": executable file not found in $PATH'],
    [undefined, 'Task failed to start'],
  ])('say what kept them from starting: %s, after %s', async (startFault, stoppedReason) => {
    const failed = stopped({ containers: [], stopCode: 'TaskFailedToStart', stoppedReason });
    const [seen] = await (await tasksOf(ecsWith([failed]))).stopped();
    expect(seen?.startFault).toBe(startFault);
    expect(seen).not.toHaveProperty('exitCode');
  });

  test('say what kept them from starting where only a container tells it', async () => {
    const failed = stopped({
      containers: [{ name: 'worker', reason: 'CannotPullContainerError: not found' }],
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Task failed to start',
    });
    const [seen] = await (await tasksOf(ecsWith([failed]))).stopped();
    expect(seen?.startFault).toBe('image-unavailable');
  });

  test('say nothing of a start when only their own words speak of room', async () => {
    const [seen] = await (await tasksOf(ecsWith([stopped({ stoppedReason: NO_ROOM })]))).stopped();
    expect(seen).not.toHaveProperty('startFault');
  });

  test.each([
    [
      'its network interface',
      { attachments: [{ details: [{ name: 'subnetId', value: 'subnet-1' }] }] },
    ],
    [
      'the sentence about one that could not be made',
      { stoppedReason: FULL.replace('subnet-2', 'subnet-1') },
    ],
  ])('tell their subnet by %s', async (_what, changes) => {
    const [seen] = await (await tasksOf(ecsWith([stopped(changes)]))).stopped();
    expect(seen?.subnet).toBe('subnet-1');
  });

  test('leave out a task that is still stopping', async () => {
    const tasks = await tasksOf(ecsWith([stopped({ lastStatus: 'STOPPING' })]));
    expect(await tasks.stopped()).toEqual([]);
  });
});
