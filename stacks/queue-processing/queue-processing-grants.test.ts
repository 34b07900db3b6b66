import { ACCOUNT, CLUSTER_ARN } from '../../test/fakes/stacks/environment';
import {
  allPolicies,
  queueProcessing,
  resourceAt,
  statementsOf,
} from '../../test/fakes/stacks/queue-processing-in-stack';
import type { PipelineInput } from '../config/blueprint-config';

const regional = (service: string, resource: string) =>
  `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;

/** Every statement of each role of a pipeline. */
const GRANTS: Readonly<
  Record<string, readonly (readonly [string, readonly string[], readonly string[], object?])[]>
> = {
  task_role: [
    ['ReadPhotosSource', ['s3:GetObject'], ['<buckets_photos-source_bucket arn>/ecsproc/*']],
    ['ListPhotosSource', ['s3:ListBucket'], ['<buckets_photos-source_bucket arn>']],
    [
      'WritePhotosDestination',
      ['s3:PutObject', 's3:AbortMultipartUpload'],
      ['<buckets_photos-destination_bucket arn>/processed/*'],
    ],
    ['ListPhotosDestination', ['s3:ListBucket'], ['<buckets_photos-destination_bucket arn>']],
    [
      'ConsumeJobs',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
      ['<pipeline-photos_queue_work arn>'],
    ],
    ['SendDeadLetters', ['sqs:SendMessage'], ['<pipeline-photos_queue_dead-letters arn>']],
  ],
  'task_execution-role': [
    ['SignInToEcr', ['ecr:GetAuthorizationToken'], ['*']],
    [
      'PullImage',
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      [regional('ecr', 'repository/spillway-dev-worker')],
    ],
    [
      'WriteLog',
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['<pipeline-photos_task_log arn>:*'],
    ],
  ],
  scaler_role: [
    [
      'WriteLog',
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['<pipeline-photos_scaler_log arn>:*'],
    ],
    [
      'ReadParameters',
      ['ssm:GetParametersByPath'],
      [
        regional('ssm', 'parameter/spillway/dev/photos'),
        regional('ssm', 'parameter/spillway/dev/photos/*'),
      ],
    ],
    ['CountAddresses', ['ec2:DescribeSubnets'], ['*']],
    ['CountJobs', ['sqs:GetQueueAttributes'], ['<pipeline-photos_queue_work arn>']],
    ['ListTasks', ['ecs:ListTasks'], ['*'], { ArnEquals: { 'ecs:cluster': CLUSTER_ARN } }],
    ['DescribeTasks', ['ecs:DescribeTasks'], [regional('ecs', 'task/spillway-dev/*')]],
    [
      'RunWorkerTasks',
      ['ecs:RunTask'],
      [regional('ecs', 'task-definition/spillway-dev-photos-worker:*')],
      { ArnEquals: { 'ecs:cluster': CLUSTER_ARN } },
    ],
    [
      'TagWorkerTasksAtLaunch',
      ['ecs:TagResource'],
      [regional('ecs', 'task/spillway-dev/*')],
      { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    ],
    [
      'PassWorkerRoles',
      ['iam:PassRole'],
      ['<pipeline-photos_task_role arn>', '<pipeline-photos_task_execution-role arn>'],
      { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    ],
  ],
  schedule_role: [
    ['InvokeScaler', ['lambda:InvokeFunction'], ['<pipeline-photos_scaler_function arn>']],
  ],
};

/** Statements whose service allows no resource, and key policies, where `*` is the key itself. */
const ANY_RESOURCE = ['CountAddresses', 'ReadJobTimes', 'SignInToEcr', 'ListTasks', 'Trace'];
const KEY_POLICY = ['Account', 'Grants', 'Senders', 'Notices', 'Logs'];

describe('what the roles of a pipeline may do', () => {
  const stack = queueProcessing();

  test.each(Object.keys(GRANTS))('%s has exactly the actions of its table', (role) => {
    const statements = statementsOf(
      resourceAt(stack, 'aws_iam_role_policy', `pipeline-photos_${role}_policy`),
    );
    expect(
      statements.map(({ Sid, Action, Resource, Condition }) =>
        Condition ? [Sid, Action, Resource, Condition] : [Sid, Action, Resource],
      ),
    ).toEqual(GRANTS[role]);
  });

  test('the table has every role', () => {
    const roles = Object.keys(stack.resources.aws_iam_role ?? {});
    const paths = roles.map((id) =>
      id.replace(/^pipeline-photos_|_role_[0-9A-F]{8}$|_[0-9A-F]{8}$/g, ''),
    );
    expect(paths.map((path) => (path in GRANTS ? path : `${path}_role`)).sort()).toEqual(
      Object.keys(GRANTS).sort(),
    );
  });

  test.each([
    ['scheduler.amazonaws.com', 'pipeline-photos_schedule_role'],
    ['ecs-tasks.amazonaws.com', 'pipeline-photos_task_role'],
    ['ecs-tasks.amazonaws.com', 'pipeline-photos_task_execution-role'],
    ['lambda.amazonaws.com', 'pipeline-photos_scaler_role'],
  ])('only %s assumes %s', (service, role) => {
    const trust = JSON.parse(`${resourceAt(stack, 'aws_iam_role', `${role}`).assume_role_policy}`);
    expect(trust.Statement).toEqual([
      expect.objectContaining({ Principal: { Service: service }, Action: 'sts:AssumeRole' }),
    ]);
  });

  test('tracing adds the two actions that X-Ray needs', () => {
    const traced = queueProcessing({ scaler: { tracing: true } });
    const statements = statementsOf(
      resourceAt(traced, 'aws_iam_role_policy', 'pipeline-photos_scaler_role_policy'),
    );
    expect(statements.find(({ Sid }) => Sid === 'Trace')?.Action).toEqual([
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test.each<[PipelineInput['scaling'], readonly string[]]>([
    [{ policy: 'drain-within', minutes: 15 }, ['cloudwatch:GetMetricData']],
    [{ policy: 'steps', steps: [{ from: 1, tasks: 1 }] }, []],
  ])('the scaler may read metrics only where its policy needs them: %j', (scaling, actions) => {
    const scaled = queueProcessing({ pipelines: { photos: { scaling } } });
    const statements = statementsOf(
      resourceAt(scaled, 'aws_iam_role_policy', 'pipeline-photos_scaler_role_policy'),
    );
    const metrics = statements.flatMap(({ Action }) => [Action].flat());
    expect(metrics.filter((action) => action.startsWith('cloudwatch:'))).toEqual(actions);
  });

  test('an own key adds its use to the worker, for objects and messages, and to no other', () => {
    const keyed = queueProcessing({ encryption: 'own' });
    const users = allPolicies(keyed).filter(
      ([id, { Action, Resource }]) =>
        /_role_/.test(id) &&
        [Action].flat().some((action) => action.startsWith('kms:')) &&
        [Resource].flat().includes('<key arn>'),
    );
    expect(users.map(([, { Sid, Action }]) => [Sid, Action])).toEqual([
      ['DecryptVariables', ['kms:Decrypt']],
      ['DecryptSchedule', ['kms:Decrypt']],
      ['DecryptFromPhotosSource', ['kms:Decrypt']],
      ['EncryptToPhotosDestination', ['kms:GenerateDataKey', 'kms:Decrypt']],
      ['EncryptJobs', ['kms:GenerateDataKey', 'kms:Decrypt']],
      ['EncryptDeadLetters', ['kms:GenerateDataKey', 'kms:Decrypt']],
    ]);
  });
});

describe('every policy of the stack', () => {
  const everything = queueProcessing({
    encryption: 'own',
    scaler: { tracing: true },
    alarms: { emails: ['ops@example.com'] },
    pipelines: {
      photos: { scaling: { policy: 'drain-within', minutes: 15 } },
      scans: { existingSourceBucket: { name: 'theirs', kmsKeyArn: null } },
    },
  });
  const allowing = allPolicies(everything).filter(([, { Effect }]) => Effect === 'Allow');

  test('names its actions: no allowed action has a wildcard', () => {
    expect(allowing.length).toBeGreaterThan(30);
    expect(
      allowing.filter(([, { Action }]) => [Action].flat().some((action) => /[*?]/.test(action))),
    ).toEqual([]);
  });

  test('names its resources, except where the service allows none', () => {
    const any = allowing.filter(([, { Resource }]) => [Resource].flat().includes('*'));
    const sids = new Set(any.map(([, { Sid }]) => Sid));
    expect([...sids].sort()).toEqual([...ANY_RESOURCE, ...KEY_POLICY].sort());
  });

  test('never lets everyone use a resource', () => {
    const open = allowing.filter(([, { Principal }]) => JSON.stringify(Principal)?.includes('"*"'));
    expect(open).toEqual([]);
  });
});
