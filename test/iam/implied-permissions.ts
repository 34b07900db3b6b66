import type { AwsCall } from './aws-call';

/** What IAM is asked before a call is let through. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that AWS fills for this call. */
  readonly context: Readonly<Record<string, string | string[]>>;
}

/** What the call itself does not say. */
export interface World {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Task role and execution role of the task definitions. */
  readonly taskRoleArns: readonly string[];
  /** KMS key of a bucket or queue by its ARN; undefined: a key that AWS manages, which needs no permission. */
  readonly keyArnOf: (arn: string) => string | undefined;
}

type Rule = (call: AwsCall, world: World) => readonly Permission[];

/**
 * API call → permissions: https://docs.aws.amazon.com/service-authorization/latest/reference/ and, for keys,
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
  'sqs:ReceiveMessage': (call, world) => [
    ...onQueue('sqs:ReceiveMessage')(call, world),
    ...withKey(queueArn(call, world), world, ['kms:Decrypt']),
  ],
  'sqs:SendMessage': (call, world) => [
    ...onQueue('sqs:SendMessage')(call, world),
    ...withKey(queueArn(call, world), world, ['kms:GenerateDataKey', 'kms:Decrypt']),
  ],
  // The batch calls have no actions of their own.
  'sqs:DeleteMessageBatch': onQueue('sqs:DeleteMessage'),
  'sqs:ChangeMessageVisibilityBatch': onQueue('sqs:ChangeMessageVisibility'),
  'sqs:GetQueueAttributes': onQueue('sqs:GetQueueAttributes'),
  'ssm:GetParametersByPath': ({ input }, world) => [
    allow('ssm:GetParametersByPath', arn(world, 'ssm', `parameter${input.Path}`)),
  ],
  // Without a container instance, of which Fargate has none, the tasks of a cluster have no ARN: only the condition bounds it.
  'ecs:ListTasks': ({ input }, world) => [
    { ...allow('ecs:ListTasks', '*'), context: { 'ecs:cluster': clusterArn(input, world) } },
  ],
  'ecs:DescribeTasks': ({ input }) =>
    (input.tasks as readonly string[]).map((task) => allow('ecs:DescribeTasks', task)),
  'ecs:RunTask': runTask,
};

/** @throws Error for a call without a row in the table. */
export function impliedPermissions(call: AwsCall, world: World): readonly Permission[] {
  const rule = RULES[`${call.service}:${call.operation}`];
  if (!rule) throw new Error(`Nobody has said which permissions ${call.service}:${call.operation} needs.`);
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

/** Tags of a launch need TagResource on the task to be, and each role of the definition is passed on. */
function runTask({ input }: AwsCall, world: World): readonly Permission[] {
  const tags = (input.tags ?? []) as readonly { readonly key: string; readonly value: string }[];
  const tagContext = {
    'aws:TagKeys': tags.map(({ key }) => key),
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value])),
  };
  const definition = String(input.taskDefinition);
  const resource = definition.startsWith('arn:')
    ? definition
    : arn(world, 'ecs', `task-definition/${definition}`);
  return [
    {
      ...allow('ecs:RunTask', resource),
      context: { 'ecs:cluster': clusterArn(input, world), ...(tags.length > 0 && tagContext) },
    },
    ...(tags.length > 0 || input.propagateTags
      ? [
          {
            // The task has no id yet; its ARN names the cluster.
            ...allow('ecs:TagResource', arn(world, 'ecs', `task/${clusterName(input)}/${'0'.repeat(32)}`)),
            context: { ...tagContext, 'ecs:CreateAction': 'RunTask' },
          },
        ]
      : []),
    ...world.taskRoleArns.map((role) => ({
      ...allow('iam:PassRole', role),
      context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    })),
  ];
}

function allow(action: string, resource: string): Permission {
  return { action, resource, context: {} };
}

function onQueue(action: string): Rule {
  return (call, world) => [allow(action, queueArn(call, world))];
}

function clusterArn(input: AwsCall['input'], world: World): string {
  return arn(world, 'ecs', `cluster/${clusterName(input)}`);
}

function withKey(resource: string, world: World, actions: readonly string[]): readonly Permission[] {
  const key = world.keyArnOf(resource);
  const service = resource.split(':')[2];
  const context = { 'kms:ViaService': `${service}.${world.region}.amazonaws.com` };
  return key ? actions.map((action) => ({ action, resource: key, context })) : [];
}

function arn({ partition, region, accountId }: World, service: string, path: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${path}`;
}

/** A cluster may be given by name or ARN. */
function clusterName(input: AwsCall['input']): string {
  return String(input.cluster).split('/').at(-1) ?? '';
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
