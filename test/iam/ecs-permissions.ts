import type { AwsCall } from './aws-call';
import { allow, arn, type Deployment, type Permission, type Rule } from './permission';

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export const ECS_RULES: Readonly<Record<string, Rule>> = {
  // Without a container instance, of which Fargate has none, the tasks of a cluster have no ARN:
  // only the condition bounds it.
  'ecs:ListTasks': ({ input }, deployment) => [
    { ...allow('ecs:ListTasks', '*'), context: { 'ecs:cluster': clusterArn(input, deployment) } },
  ],
  'ecs:DescribeTasks': ({ input }, deployment) =>
    (input.tasks as readonly string[]).map((task) =>
      allow('ecs:DescribeTasks', taskArn(input, task, deployment)),
    ),
  'ecs:RunTask': runTask,
  'ecs:StopTask': stopTask,
  'ecs:RegisterTaskDefinition': registerTaskDefinition,
  // These three know no resource.
  'ecs:DescribeTaskDefinition': anyTaskDefinition,
  'ecs:ListTaskDefinitions': anyTaskDefinition,
  'ecs:DeregisterTaskDefinition': anyTaskDefinition,
};

function anyTaskDefinition({ operation }: AwsCall): readonly Permission[] {
  return [allow(`ecs:${operation}`, '*')];
}

/** Tags of a launch need TagResource on the new task; each role of the definition is passed. */
function runTask({ input }: AwsCall, deployment: Deployment): readonly Permission[] {
  const tags = tagContext(input);
  const definition = String(input.taskDefinition);
  const resource = definition.startsWith('arn:')
    ? definition
    : arn(deployment, 'ecs', `task-definition/${definition}`);
  return [
    {
      ...allow('ecs:RunTask', resource),
      context: { 'ecs:cluster': clusterArn(input, deployment), ...tags },
    },
    // The task has no id yet; its ARN names the cluster.
    ...(tags || input.propagateTags
      ? [tagResource('RunTask', taskArn(input, '0'.repeat(32), deployment), tags ?? {})]
      : []),
    ...passRoles(deployment.taskRoleArns),
  ];
}

/** A stopped task's tags are what tells it apart; its cluster is told by its ARN alone. */
function stopTask({ input }: AwsCall, deployment: Deployment): readonly Permission[] {
  const task = taskArn(input, String(input.task), deployment);
  const tags = Object.entries(deployment.tagsOf(task)).map(([key, value]) => [
    `aws:ResourceTag/${key}`,
    value,
  ]);
  return [{ ...allow('ecs:StopTask', task), context: Object.fromEntries(tags) }];
}

/** A revision has no number before it is registered. */
function registerTaskDefinition({ input }: AwsCall, deployment: Deployment): readonly Permission[] {
  const tags = tagContext(input);
  const resource = arn(deployment, 'ecs', `task-definition/${input.family}:1`);
  const roles = [input.taskRoleArn, input.executionRoleArn].filter((role) => role !== undefined);
  return [
    { ...allow('ecs:RegisterTaskDefinition', resource), context: { ...tags } },
    ...(tags ? [tagResource('RegisterTaskDefinition', resource, tags)] : []),
    ...passRoles(roles.map(String)),
  ];
}

type Context = Permission['context'];

function tagResource(createAction: string, resource: string, tags: Context): Permission {
  return {
    ...allow('ecs:TagResource', resource),
    context: { ...tags, 'ecs:CreateAction': createAction },
  };
}

function passRoles(roleArns: readonly string[]): readonly Permission[] {
  const context = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
  return roleArns.map((role) => ({ ...allow('iam:PassRole', role), context }));
}

/** Undefined when the call sets no tags. */
function tagContext(input: AwsCall['input']): Context | undefined {
  const tags = (input.tags ?? []) as readonly { readonly key: string; readonly value: string }[];
  if (tags.length === 0) return undefined;
  return {
    'aws:TagKeys': tags.map(({ key }) => key),
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value])),
  };
}

function clusterArn(input: AwsCall['input'], deployment: Deployment): string {
  return arn(deployment, 'ecs', `cluster/${clusterName(input)}`);
}

/** A task may be given by id or ARN. */
function taskArn(input: AwsCall['input'], task: string, deployment: Deployment): string {
  return task.startsWith('arn:')
    ? task
    : arn(deployment, 'ecs', `task/${clusterName(input)}/${task}`);
}

/** A cluster may be given by name or ARN. */
function clusterName(input: AwsCall['input']): string {
  return String(input.cluster).split('/').at(-1) ?? '';
}
