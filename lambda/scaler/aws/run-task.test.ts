import { ECSClient } from '@aws-sdk/client-ecs';
import type { Answers } from '../../../test/fakes/aws-server';
import { fakePort } from '../../../test/fakes/aws-server';
import { TASK_SETTINGS } from '../../../test/fakes/scaler/examples';
import type { LaunchBatch } from '../ports';
import { runTask } from './run-task';

const port = fakePort((options) => {
  const client = new ECSClient(options);
  return (launched: LaunchBatch) => runTask(client, TASK_SETTINGS, launched);
});

const NO_ROOM =
  'Capacity is unavailable at this time. Please try again later or in a different ' +
  'availability zone';

const batch = {
  taskDefinition: 'photos:7',
  capacityProvider: 'FARGATE_SPOT' as const,
  subnets: ['subnet-1', 'subnet-2'],
  count: 3,
  variables: {},
  clientToken: 'token',
};
const nothing = {
  launched: 0,
  alreadyLaunched: 0,
  lackOfCapacity: 0,
  overQuota: 0,
  retryable: 0,
  permanent: 0,
};
const launch = async (answer: Answers[string], changes: Partial<LaunchBatch> = {}) =>
  (await port.open({ RunTask: answer }))({ ...batch, ...changes });

describe('launching a batch', () => {
  test('names one capacity provider, network and starter, and no tag of the revision', async () => {
    const result = await launch(() => ({ body: { tasks: [{}, {}, {}], failures: [] } }));
    expect(result).toEqual({ ...nothing, launched: 3, reasons: [] });
    expect(port.calls()[0]?.input).toEqual({
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
    });
  });

  test("starts the worker's container with the variables of the batch", async () => {
    const variables = { JOB_LIMIT: '1' };
    await launch(() => ({ body: { tasks: [{}], failures: [] } }), { variables });
    const environment = [{ name: 'JOB_LIMIT', value: '1' }];
    expect(port.calls()[0]?.input).toMatchObject({
      overrides: { containerOverrides: [{ name: 'worker', environment }] },
    });
  });

  test('lets ECS choose among the subnets of the batch alone', async () => {
    await launch(() => ({ body: { tasks: [{}], failures: [] } }), { subnets: ['subnet-2'] });
    expect(port.calls()[0]?.input).toMatchObject({
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-2'] } },
    });
  });

  test.each([
    ['lackOfCapacity', [{ reason: NO_ROOM }]],
    [
      'overQuota',
      [{ reason: "You've reached the limit on the number of vCPUs you can run concurrently" }],
    ],
    ['retryable', [{ reason: 'RESOURCE:ENI' }]],
    ['permanent', [{ reason: 'MISSING', detail: 'no such cluster' }]],
    ['lackOfCapacity', [{ reason: 'MISSING' }, { reason: NO_ROOM }]],
    ['retryable', []],
  ])('counts tasks that were not launched as %s for the failures %j', async (kind, failures) => {
    const result = await launch(() => ({ body: { tasks: [{}], failures } }));
    expect(result).toMatchObject({ ...nothing, launched: 1, [kind]: 2 });
    expect(result.reasons).toHaveLength(failures.length);
  });

  test.each([
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

  test('counts the batch as retryable when no answer comes', async () => {
    const nobody = { endpoint: 'http://127.0.0.1:1', maxAttempts: 1, region: 'eu-central-1' };
    const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
    const result = await runTask(new ECSClient({ ...nobody, credentials }), TASK_SETTINGS, batch);
    expect(result).toMatchObject({ ...nothing, retryable: 3 });
  });
});
