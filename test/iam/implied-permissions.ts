import type { AwsCall } from './aws-call';
import { ECS_RULES } from './ecs-permissions';
import { allow, arn, type Permission, type Rule, type World } from './permission';

/**
 * API call → permissions: https://docs.aws.amazon.com/service-authorization/latest/reference/ and,
 * for keys,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
const RULES: Readonly<Record<string, Rule>> = {
  's3:GetObject': readObject,
  's3:HeadObject': readObject,
  's3:PutObject': ({ input }, world) => [
    allow('s3:PutObject', objectArn(input, world)),
    ...('x-amz-acl' in input ? [allow('s3:PutObjectAcl', objectArn(input, world))] : []),
    ...('x-amz-tagging' in input ? [allow('s3:PutObjectTagging', objectArn(input, world))] : []),
    ...withKey(bucketArn(input, world), world, ['kms:GenerateDataKey']),
  ],
  's3:DeleteObject': ({ input }, world) => [allow('s3:DeleteObject', objectArn(input, world))],
  's3:DeleteObjects': ({ input }, world) =>
    (input.Keys as readonly string[]).map((Key) =>
      allow('s3:DeleteObject', objectArn({ ...input, Key }, world)),
    ),
  's3:ListObjectsV2': ({ input }, world) => [
    {
      ...allow('s3:ListBucket', bucketArn(input, world)),
      context: { 's3:prefix': String(input.Prefix) },
    },
  ],
  'sqs:ReceiveMessage': (call, world) => [
    ...onQueue('sqs:ReceiveMessage')(call, world),
    ...withKey(queueArn(call, world), world, ['kms:Decrypt']),
  ],
  'sqs:SendMessage': sendMessage,
  // The batch calls have no actions of their own.
  'sqs:SendMessageBatch': sendMessage,
  'sqs:DeleteMessage': onQueue('sqs:DeleteMessage'),
  'sqs:DeleteMessageBatch': onQueue('sqs:DeleteMessage'),
  'sqs:ChangeMessageVisibilityBatch': onQueue('sqs:ChangeMessageVisibility'),
  'sqs:GetQueueAttributes': onQueue('sqs:GetQueueAttributes'),
  'ssm:GetParametersByPath': ({ input }, world) => [
    allow('ssm:GetParametersByPath', arn(world, 'ssm', `parameter${input.Path}`)),
  ],
  'ssm:GetParameter': onParameter,
  'ssm:GetParameterHistory': onParameter,
  'ssm:PutParameter': (call, world) =>
    onParameter(call, world).map((permission) => ({
      ...permission,
      context: { 'ssm:Overwrite': String(call.input.Overwrite ?? false) },
    })),
  'logs:GetLogEvents': ({ input }, world) => [
    allow(
      'logs:GetLogEvents',
      arn(world, 'logs', `log-group:${input.logGroupName}:log-stream:${input.logStreamName}`),
    ),
  ],
  // It knows no resource:
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
  'ec2:DescribeSubnets': () => [allow('ec2:DescribeSubnets', '*')],
  // The token is the account's.
  'ecr:GetAuthorizationToken': () => [allow('ecr:GetAuthorizationToken', '*')],
  // https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html
  'ecr-public:GetAuthorizationToken': () => [
    allow('ecr-public:GetAuthorizationToken', '*'),
    {
      ...allow('sts:GetServiceBearerToken', '*'),
      context: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' },
    },
  ],
  ...Object.fromEntries(
    [
      'BatchCheckLayerAvailability',
      'BatchGetImage',
      'CompleteLayerUpload',
      'DescribeImages',
      'GetDownloadUrlForLayer',
      'InitiateLayerUpload',
      'PutImage',
      'UploadLayerPart',
    ].map((operation) => [`ecr:${operation}`, onRepository]),
  ),
  'ecr:DescribeRepositories': ({ input }, world) =>
    (input.repositoryNames as readonly string[]).map((name) =>
      allow('ecr:DescribeRepositories', arn(world, 'ecr', `repository/${name}`)),
    ),
  ...ECS_RULES,
};

/** @throws Error for a call without a row in the table. */
export function impliedPermissions(call: AwsCall, world: World): readonly Permission[] {
  const rule = RULES[`${call.service}:${call.operation}`];
  if (!rule)
    throw new Error(
      `The table does not say which permissions ${call.service}:${call.operation} needs.`,
    );
  return rule(call, world).map((permission) => ({
    ...permission,
    context: { ...permission.context, 'aws:SecureTransport': 'true' },
  }));
}

/** Without ListBucket a missing key answers 403 instead of 404. */
function readObject({ input, status }: AwsCall, world: World): readonly Permission[] {
  return [
    allow('s3:GetObject', objectArn(input, world)),
    ...(status === 404 ? [allow('s3:ListBucket', bucketArn(input, world))] : []),
    ...withKey(bucketArn(input, world), world, ['kms:Decrypt']),
  ];
}

function sendMessage(call: AwsCall, world: World): readonly Permission[] {
  return [
    ...onQueue('sqs:SendMessage')(call, world),
    ...withKey(queueArn(call, world), world, ['kms:GenerateDataKey', 'kms:Decrypt']),
  ];
}

function onQueue(action: string): Rule {
  return (call, world) => [allow(action, queueArn(call, world))];
}

/** A name may end in the version that is asked for. */
function onParameter({ operation, input }: AwsCall, world: World): readonly Permission[] {
  const [name] = String(input.Name).split(':');
  return [allow(`ssm:${operation}`, arn(world, 'ssm', `parameter${name}`))];
}

function onRepository({ operation, input }: AwsCall, world: World): readonly Permission[] {
  return [allow(`ecr:${operation}`, arn(world, 'ecr', `repository/${input.repositoryName}`))];
}

function withKey(
  resource: string,
  world: World,
  actions: readonly string[],
): readonly Permission[] {
  const key = world.keyArnOf(resource);
  const service = resource.split(':')[2];
  const context = { 'kms:ViaService': `${service}.${world.region}.amazonaws.com` };
  return key ? actions.map((action) => ({ action, resource: key, context })) : [];
}

/** A queue's URL ends in its account and its name. */
function queueArn({ input }: AwsCall, { partition, region }: World): string {
  const [account, name] = new URL(String(input.QueueUrl)).pathname.split('/').slice(-2);
  return `arn:${partition}:sqs:${region}:${account}:${name}`;
}

function bucketArn(input: AwsCall['input'], { partition }: World): string {
  return `arn:${partition}:s3:::${input.Bucket}`;
}

function objectArn(input: AwsCall['input'], world: World): string {
  return `${bucketArn(input, world)}/${input.Key}`;
}
