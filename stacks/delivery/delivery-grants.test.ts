import { delivery } from '../../test/fakes/stacks/delivery-in-stack';
import { ACCOUNT, CLUSTER_ARN } from '../../test/fakes/stacks/environment';
import { resourceAt, statementsOf } from '../../test/fakes/stacks/queue-processing-in-stack';
import type { EnvironmentInput } from '../config/blueprint-config';

const regional = (service: string, resource: string) =>
  `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
const parameter = (name: string) => regional('ssm', `parameter/spillway/dev/photos/${name}`);
const WRITTEN = ['delivery/outcome', 'task-definition', 'recipe'].map(parameter);

const FAMILY = regional('ecs', 'task-definition/spillway-dev-photos-worker:*');
const TASKS = regional('ecs', 'task/spillway-dev/*');
const SOURCE = '<buckets_photos-source_bucket arn>';
const DESTINATION = '<buckets_photos-destination_bucket arn>';
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = [
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];
const TAKE = [
  ['TakeArtefacts', ['s3:GetObject', 's3:GetObjectVersion'], ['<artefacts_bucket arn>/*']],
  ['InspectArtefacts', ['s3:GetBucketAcl', 's3:GetBucketLocation'], ['<artefacts_bucket arn>']],
] as const;

type Row = readonly [string, readonly string[], readonly unknown[], object?];

/** Every statement of each policy. */
const GRANTS: Readonly<Record<string, readonly Row[]>> = {
  'build-arm64_role_policy': [
    ['WriteLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], ['<build-arm64_log arn>:*']],
    ...TAKE,
    ['SignInToEcr', ['ecr:GetAuthorizationToken'], ['*']],
    ['SignInToPublicEcr', ['ecr-public:GetAuthorizationToken'], ['*']],
    [
      'BearPublicEcrToken',
      ['sts:GetServiceBearerToken'],
      ['*'],
      { StringEquals: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' } },
    ],
    ['PushImages', [...PULL, ...PUSH, 'ecr:DescribeImages'], ['<images arn>']],
    ['ShareLayers', [...PULL, ...PUSH], ['<images_cache arn>']],
  ],
  deploy_role_policy: [
    [
      'WriteLog',
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['<deploy_deploy-log arn>:*', '<deploy_redeploy-log arn>:*'],
    ],
    ...TAKE,
    [
      'ReadDeployer',
      ['s3:GetObject'],
      [expect.stringMatching(/^<artefacts_bucket arn>\/deployer\/[0-9A-F]{32}\.zip$/)],
    ],
    ['TagImages', ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:PutImage'], ['<images arn>']],
    [
      'SeeAndDeregisterRevisions',
      ['ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions'],
      ['*'],
    ],
    [
      'TagCanariesAtLaunch',
      ['ecs:TagResource'],
      [TASKS],
      { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    ],
    ['DescribeCanaries', ['ecs:DescribeTasks'], [TASKS]],
    [
      'StopCanaries',
      ['ecs:StopTask'],
      [TASKS],
      { StringEquals: { 'aws:ResourceTag/spillway:canary': 'true' } },
    ],
  ],
  'deploy_grants-photos_policy': [
    ['RegisterRevisions', ['ecs:RegisterTaskDefinition'], [FAMILY]],
    [
      'TagRevisions',
      ['ecs:TagResource'],
      [FAMILY],
      { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
    ],
    ['RunCanary', ['ecs:RunTask'], [FAMILY], { ArnEquals: { 'ecs:cluster': CLUSTER_ARN } }],
    [
      'PassWorkerRoles',
      ['iam:PassRole'],
      ['<pipeline-photos_task_role arn>', '<pipeline-photos_task_execution-role arn>'],
      { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    ],
    ['ReadWorkerLog', ['logs:GetLogEvents'], ['<pipeline-photos_task_log arn>:*']],
    [
      'UseCanaryObjects',
      ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      [`${SOURCE}/canary/photos/*`, `${DESTINATION}/canary/photos/*`],
    ],
    ['ListCanaryBuckets', ['s3:ListBucket'], [SOURCE, DESTINATION]],
    ['SendCanaryEvents', ['sqs:SendMessage'], ['<pipeline-photos_canary_queue_work arn>']],
    [
      'TakeCanaryDeadLetters',
      ['sqs:DeleteMessage', 'sqs:ReceiveMessage'],
      ['<pipeline-photos_canary_queue_dead-letters arn>'],
    ],
    ['ReadParameters', ['ssm:GetParameter'], [parameter('delivery/target'), ...WRITTEN]],
    ['WriteParameters', ['ssm:PutParameter'], WRITTEN],
  ],
  delivery_role_policy: [
    [
      'ReadSource',
      ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion'],
      ['<source_bucket arn>/source.zip'],
    ],
    [
      'InspectSource',
      ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'],
      ['<source_bucket arn>'],
    ],
    [
      'KeepArtefacts',
      ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      ['<artefacts_bucket arn>/*'],
    ],
    [
      'InspectArtefacts',
      ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
      ['<artefacts_bucket arn>'],
    ],
    [
      'RunProjects',
      ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
      ['<build-arm64_project arn>', '<deploy arn>'],
    ],
  ],
  delivery_start_role_policy: [
    ['Start', ['codepipeline:StartPipelineExecution'], ['<delivery_pipeline arn>']],
  ],
  redeploy_start_role_policy: [['Start', ['codebuild:StartBuild'], ['<deploy_redeploy arn>']]],
  'pipeline-photos_canary_grants_policy': [
    ['ReadPhotosSource', ['s3:GetObject'], [`${SOURCE}/canary/photos/*`]],
    [
      'WritePhotosDestination',
      ['s3:PutObject', 's3:AbortMultipartUpload'],
      [`${DESTINATION}/canary/photos/*`],
    ],
    [
      'ConsumeJobs',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
      ['<pipeline-photos_canary_queue_work arn>'],
    ],
    ['SendDeadLetters', ['sqs:SendMessage'], ['<pipeline-photos_canary_queue_dead-letters arn>']],
  ],
};

/** Policies of roles by their paths. */
function policiesOf(input?: EnvironmentInput) {
  const { resources } = delivery(input);
  const all = [
    ...Object.entries(resources.aws_iam_role_policy ?? {}),
    ...Object.entries(resources.aws_iam_policy ?? {}),
  ];
  return Object.fromEntries(
    all.map(([id, attributes]) => [id.replace(/_[0-9A-F]{8}$/, ''), statementsOf(attributes)]),
  );
}

describe('what the roles of the delivery may do', () => {
  const policies = policiesOf();
  const stack = delivery();

  test.each(Object.keys(GRANTS))('%s has exactly the actions of its table', (path) => {
    const rows = policies[path]?.map(({ Sid, Action, Resource, Condition }) =>
      Condition ? [Sid, Action, Resource, Condition] : [Sid, Action, Resource],
    );
    expect(rows).toEqual(GRANTS[path]);
  });

  test('the table has every policy', () => {
    expect(Object.keys(policies).sort()).toEqual(Object.keys(GRANTS).sort());
  });

  test.each([
    ['codebuild.amazonaws.com', 'build-arm64_role'],
    ['codebuild.amazonaws.com', 'deploy_role'],
    ['codepipeline.amazonaws.com', 'delivery_role'],
    ['events.amazonaws.com', 'delivery_start_role'],
    ['events.amazonaws.com', 'redeploy_start_role'],
  ])('only %s assumes %s', (service, role) => {
    const trust = JSON.parse(`${resourceAt(stack, 'aws_iam_role', role).assume_role_policy}`);
    expect(trust.Statement).toEqual([
      expect.objectContaining({ Principal: { Service: service }, Action: 'sts:AssumeRole' }),
    ]);
  });

  test('a pipeline’s policies are attached to the roles of the deploy and of its own tasks', () => {
    expect(
      resourceAt(stack, 'aws_iam_role_policy_attachment', 'deploy_grants-photos_attachment'),
    ).toMatchObject({
      role: '<deploy_role name>',
      policy_arn: '<deploy_grants-photos_policy arn>',
    });
    expect(
      resourceAt(stack, 'aws_iam_role_policy', 'pipeline-photos_canary_grants_policy'),
    ).toMatchObject({ role: '<pipeline-photos_task_role name>', name: 'canary' });
  });

  test('with a connection the source is the connection, not a bucket', () => {
    const connection = { source: 'connection', repository: 'acme/spillway' } as const;
    expect(policiesOf({ delivery: connection }).delivery_role_policy?.[0]).toMatchObject({
      Sid: 'UseConnection',
      Action: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
      Resource: ['<source_connection arn>'],
    });
  });

  test('an own key adds its use to every role that reads or writes, and to no other', () => {
    const keyed = Object.entries(policiesOf({ encryption: 'own' })).flatMap(([path, statements]) =>
      statements
        .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')))
        .map(({ Sid, Action, Resource }) => [path, Sid, Action, Resource]),
    );
    const [read, use] = [['kms:Decrypt'], ['kms:Decrypt', 'kms:GenerateDataKey']];
    const write = ['kms:GenerateDataKey', 'kms:Decrypt'];
    // AWS's examples for artefacts say `kms:ReEncrypt*` and `kms:GenerateDataKey*`.
    const examples = [
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
    ];
    expect(keyed.sort()).toEqual([
      ['build-arm64_role_policy', 'UseKeyOfArtefacts', examples, ['<key arn>']],
      ['delivery_role_policy', 'DecryptSource', read, ['<key arn>']],
      ['delivery_role_policy', 'UseKeyOfArtefacts', examples, ['<key arn>']],
      ['deploy_grants-photos_policy', 'UseKeys', use, ['<key arn>']],
      ['deploy_role_policy', 'UseKeyOfArtefacts', examples, ['<key arn>']],
      ['pipeline-photos_canary_grants_policy', 'DecryptFromPhotosSource', read, ['<key arn>']],
      ['pipeline-photos_canary_grants_policy', 'EncryptDeadLetters', write, ['<key arn>']],
      ['pipeline-photos_canary_grants_policy', 'EncryptJobs', write, ['<key arn>']],
      ['pipeline-photos_canary_grants_policy', 'EncryptToPhotosDestination', write, ['<key arn>']],
    ]);
  });
});
