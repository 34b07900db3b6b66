import type { AwsCall } from './aws-call';
import { ECS_RULES } from './ecs-permissions';
import { allow, arn, type Deployment, type Permission, type Rule } from './permission';

/**
 * API call → permissions: https://docs.aws.amazon.com/service-authorization/latest/reference/ and,
 * for keys,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
const RULES: Readonly<Record<string, Rule>> = {
  's3:GetObject': readObject,
  's3:HeadObject': readObject,
  's3:PutObject': ({ input }, deployment) => [
    allow('s3:PutObject', objectArn(input, deployment)),
    ...('x-amz-acl' in input ? [allow('s3:PutObjectAcl', objectArn(input, deployment))] : []),
    ...('x-amz-tagging' in input
      ? [allow('s3:PutObjectTagging', objectArn(input, deployment))]
      : []),
    ...withKey(bucketArn(input, deployment), deployment, ['kms:GenerateDataKey']),
  ],
  's3:DeleteObject': ({ input }, deployment) => [
    allow('s3:DeleteObject', objectArn(input, deployment)),
  ],
  's3:DeleteObjects': ({ input }, deployment) =>
    (input.Keys as readonly string[]).map((Key) =>
      allow('s3:DeleteObject', objectArn({ ...input, Key }, deployment)),
    ),
  's3:ListObjectsV2': ({ input }, deployment) => [
    {
      ...allow('s3:ListBucket', bucketArn(input, deployment)),
      context: { 's3:prefix': String(input.Prefix) },
    },
  ],
  'sqs:ReceiveMessage': (call, deployment) => [
    ...onQueue('sqs:ReceiveMessage')(call, deployment),
    ...withKey(queueArn(call, deployment), deployment, ['kms:Decrypt']),
  ],
  'sqs:SendMessage': sendMessage,
  // The batch calls have no actions of their own.
  'sqs:SendMessageBatch': sendMessage,
  'sqs:DeleteMessage': onQueue('sqs:DeleteMessage'),
  'sqs:DeleteMessageBatch': onQueue('sqs:DeleteMessage'),
  'sqs:ChangeMessageVisibility': onQueue('sqs:ChangeMessageVisibility'),
  'sqs:ChangeMessageVisibilityBatch': onQueue('sqs:ChangeMessageVisibility'),
  'sqs:GetQueueAttributes': onQueue('sqs:GetQueueAttributes'),
  'ssm:GetParametersByPath': ({ input }, deployment) => [
    allow('ssm:GetParametersByPath', arn(deployment, 'ssm', `parameter${input.Path}`)),
  ],
  'ssm:GetParameter': onParameter,
  'ssm:GetParameterHistory': onParameter,
  'ssm:PutParameter': (call, deployment) =>
    onParameter(call, deployment).map((permission) => ({
      ...permission,
      context: { 'ssm:Overwrite': String(call.input.Overwrite ?? false) },
    })),
  'logs:GetLogEvents': ({ input }, deployment) => [
    allow(
      'logs:GetLogEvents',
      arn(deployment, 'logs', `log-group:${input.logGroupName}:log-stream:${input.logStreamName}`),
    ),
  ],
  // It knows no resource:
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
  'ec2:DescribeSubnets': () => [allow('ec2:DescribeSubnets', '*')],
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
  'cloudwatch:GetMetricData': () => [allow('cloudwatch:GetMetricData', '*')],
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
  'ecr:DescribeRepositories': ({ input }, deployment) =>
    (input.repositoryNames as readonly string[]).map((name) =>
      allow('ecr:DescribeRepositories', arn(deployment, 'ecr', `repository/${name}`)),
    ),
  ...ECS_RULES,
};

/** @throws Error for a call without a row in the table. */
export function impliedPermissions(call: AwsCall, deployment: Deployment): readonly Permission[] {
  const rule = RULES[`${call.service}:${call.operation}`];
  if (!rule)
    throw new Error(
      `The table does not say which permissions ${call.service}:${call.operation} needs.`,
    );
  return rule(call, deployment).map((permission) => ({
    ...permission,
    context: { ...permission.context, 'aws:SecureTransport': 'true' },
  }));
}

/** Without ListBucket a missing key answers 403 instead of 404. */
function readObject({ input, status }: AwsCall, deployment: Deployment): readonly Permission[] {
  return [
    allow('s3:GetObject', objectArn(input, deployment)),
    ...(status === 404 ? [allow('s3:ListBucket', bucketArn(input, deployment))] : []),
    ...withKey(bucketArn(input, deployment), deployment, ['kms:Decrypt']),
  ];
}

function sendMessage(call: AwsCall, deployment: Deployment): readonly Permission[] {
  return [
    ...onQueue('sqs:SendMessage')(call, deployment),
    ...withKey(queueArn(call, deployment), deployment, ['kms:GenerateDataKey', 'kms:Decrypt']),
  ];
}

function onQueue(action: string): Rule {
  return (call, deployment) => [allow(action, queueArn(call, deployment))];
}

/** A name may end in the version that is asked for. */
function onParameter({ operation, input }: AwsCall, deployment: Deployment): readonly Permission[] {
  const [name] = String(input.Name).split(':');
  return [allow(`ssm:${operation}`, arn(deployment, 'ssm', `parameter${name}`))];
}

function onRepository(
  { operation, input }: AwsCall,
  deployment: Deployment,
): readonly Permission[] {
  return [allow(`ecr:${operation}`, arn(deployment, 'ecr', `repository/${input.repositoryName}`))];
}

function withKey(
  resource: string,
  deployment: Deployment,
  actions: readonly string[],
): readonly Permission[] {
  const key = deployment.keyArnOf(resource);
  const service = resource.split(':')[2];
  const context = { 'kms:ViaService': `${service}.${deployment.region}.amazonaws.com` };
  return key ? actions.map((action) => ({ action, resource: key, context })) : [];
}

/** A queue's URL ends in its account and its name. */
function queueArn({ input }: AwsCall, { partition, region }: Deployment): string {
  const [account, name] = new URL(String(input.QueueUrl)).pathname.split('/').slice(-2);
  return `arn:${partition}:sqs:${region}:${account}:${name}`;
}

function bucketArn(input: AwsCall['input'], { partition }: Deployment): string {
  return `arn:${partition}:s3:::${input.Bucket}`;
}

function objectArn(input: AwsCall['input'], deployment: Deployment): string {
  return `${bucketArn(input, deployment)}/${input.Key}`;
}
