import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { type Answers, fakePort } from '../../test/fakes/aws-server';
import type { CanaryLaunch } from '../ports';
import { createCanaryTasks, createTaskLogs } from './canary-tasks';

const { open: client, calls } = fakePort((options) => new ECSClient(options));

const LAUNCH: CanaryLaunch = {
  cluster: 'c',
  revision: 'dev-photos-worker:7',
  subnetIds: ['subnet-1'],
  securityGroupIds: ['sg-1'],
  assignPublicIp: true,
  pipeline: 'photos',
  variables: { QUEUE_URL: 'q' },
  clientToken: 'canary-1',
};

describe('canary tasks', () => {
  test('are launched on FARGATE with the tag by which they may be stopped', async () => {
    const ecs = await client({ RunTask: () => ({ body: { tasks: [{ taskArn: 'arn:task/1' }] } }) });
    expect(await createCanaryTasks(ecs).launch(LAUNCH)).toEqual({
      kind: 'accepted',
      taskArn: 'arn:task/1',
    });
    expect(calls()[0]?.input).toEqual({
      cluster: 'c',
      taskDefinition: 'dev-photos-worker:7',
      count: 1,
      clientToken: 'canary-1',
      startedBy: 'spillway-canary',
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-1'],
          securityGroups: ['sg-1'],
          assignPublicIp: 'ENABLED',
        },
      },
      overrides: {
        containerOverrides: [{ name: 'worker', environment: [{ name: 'QUEUE_URL', value: 'q' }] }],
      },
      propagateTags: 'TASK_DEFINITION',
      enableECSManagedTags: true,
      tags: [{ key: 'spillway:canary', value: 'true' }],
    });
  });

  test.each([
    [
      { body: { failures: [{ reason: 'Capacity is unavailable', detail: 'later' }] } },
      false,
      'unavailable: later',
    ],
    [{ body: { failures: [] } }, false, 'no reason'],
    [
      { status: 400, type: 'AccessDeniedException', message: 'not you' },
      true,
      'AccessDeniedException: not you',
    ],
    [
      { status: 400, type: 'ThrottlingException', message: 'slow' },
      false,
      'ThrottlingException: slow',
    ],
  ])('are refused with the reason: %j, lasting: %s', async (answer, isLasting, because) => {
    const ecs = await client({ RunTask: () => answer });
    expect(await createCanaryTasks(ecs).launch(LAUNCH)).toEqual({
      kind: 'refused',
      isLasting,
      because: expect.stringContaining(because),
    });
  });

  test('are looked at with all that says why they ended', async () => {
    const containers = [
      { name: 'worker', exitCode: 1, reason: 'because', lastStatus: 'STOPPED' },
      { name: 'x' },
    ];
    const task = {
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'so',
      containers,
    };
    const ecs = await client({
      DescribeTasks: (_input, call) => ({
        body: call === 0 ? { tasks: [task] } : { tasks: [], failures: [] },
      }),
    });
    expect(await createCanaryTasks(ecs).look('c', 'arn:task/1')).toEqual({
      isStopped: true,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'so',
      containers: [{ name: 'worker', exitCode: 1, reason: 'because' }, { name: 'x' }],
    });
    expect(await createCanaryTasks(ecs).look('c', 'arn:task/1')).toBeUndefined();
  });

  test('are stopped with a reason', async () => {
    const ecs = await client({ StopTask: () => ({ body: {} }) });
    await createCanaryTasks(ecs).stop('c', 'arn:task/1', 'late');
    expect(calls()[0]?.input).toEqual({ cluster: 'c', task: 'arn:task/1', reason: 'late' });
  });
});

const logs = fakePort((options) => createTaskLogs(new CloudWatchLogsClient(options)));
const tail = async (answers: Answers) =>
  (await logs.open(answers)).tail('group', 'worker/worker/1', 20);

test('the last lines of a stream are read', async () => {
  const events = [{ message: 'one\n' }, { message: 'two' }];
  expect(await tail({ GetLogEvents: () => ({ body: { events } }) })).toEqual(['one', 'two']);
  expect(logs.calls()[0]?.input).toEqual({
    logGroupName: 'group',
    logStreamName: 'worker/worker/1',
    limit: 20,
    startFromHead: false,
  });
});

test('a stream that does not exist yet has no lines', async () => {
  expect(
    await tail({ GetLogEvents: () => ({ status: 400, type: 'ResourceNotFoundException' }) }),
  ).toEqual([]);
});

test('fails when the logs may not be read', async () => {
  const denied = { status: 400, type: 'AccessDeniedException', message: 'no' };
  await expect(tail({ GetLogEvents: () => denied })).rejects.toThrow('no');
});
