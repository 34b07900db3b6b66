import { CANARY_TAG, canaryPrefix } from '../../pipeline/delivery';
import { regionalArn } from './arns';
import type { DeliveredPipeline } from './delivered-pipeline';
import type { EnvironmentScope } from './environment-scope';
import type { Grantee } from './grantee';
import type { Cluster } from './network';

/** What a deploy works on. */
export interface DeployScope {
  readonly delivered: readonly DeliveredPipeline[];
  readonly cluster: Cluster;
}

/** Lets a role register, describe and deregister revisions; they are of the families of these pipelines. */
export function grantRevisions(grantee: Grantee, at: EnvironmentScope, { delivered }: DeployScope): void {
  grantee.allow({
    sid: 'SeeAndDeregisterRevisions',
    actions: ['ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions'],
    // The service allows no resource and no condition for any of them.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    resources: ['*'],
  });
  const families = familiesOf(at, delivered);
  grantee.allow({
    sid: 'RegisterRevisions',
    actions: ['ecs:RegisterTaskDefinition'],
    resources: families,
  });
  grantee.allow({
    sid: 'TagRevisions',
    actions: ['ecs:TagResource'],
    resources: families,
    conditions: { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
  });
  grantee.allow({
    sid: 'PassWorkerRoles',
    actions: ['iam:PassRole'],
    resources: delivered.flatMap(({ pipeline: { task } }) => [task.role.arn, task.executionRole.arn]),
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });
}

/** Lets a role run canaries, watch them, and stop them: no other task has their tag. */
export function grantCanaryTasks(
  grantee: Grantee,
  at: EnvironmentScope,
  { delivered, cluster }: DeployScope,
): void {
  const tasks = [regionalArn(at, 'ecs', `task/${cluster.name}/*`)];
  grantee.allow({
    sid: 'RunCanaries',
    actions: ['ecs:RunTask'],
    resources: familiesOf(at, delivered),
    conditions: { ArnEquals: { 'ecs:cluster': cluster.arn } },
  });
  grantee.allow({
    sid: 'TagCanariesAtLaunch',
    actions: ['ecs:TagResource'],
    resources: tasks,
    conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
  });
  grantee.allow({ sid: 'DescribeCanaries', actions: ['ecs:DescribeTasks'], resources: tasks });
  grantee.allow({
    sid: 'StopCanaries',
    actions: ['ecs:StopTask'],
    resources: tasks,
    conditions: { StringEquals: { [`aws:ResourceTag/${CANARY_TAG.key}`]: CANARY_TAG.value } },
  });
  grantee.allow({
    sid: 'ReadWorkerLogs',
    actions: ['logs:GetLogEvents'],
    resources: delivered.map(({ pipeline: { task } }) => `${task.logGroupArn}:*`),
  });
}

/** Lets a role give canaries their objects and events, and see what became of them. */
export function grantCanaryData(grantee: Grantee, { delivered }: DeployScope): void {
  const stores = delivered.flatMap(({ pipeline: { props } }) => [props.source, props.destination]);
  grantee.allow({
    sid: 'UseCanaryObjects',
    actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    resources: delivered.flatMap(({ pipeline: { props } }) =>
      [props.source, props.destination].map(({ bucketArn }) => `${bucketArn}/${canaryPrefix(props.name)}*`),
    ),
  });
  grantee.allow({
    sid: 'ListCanaryBuckets',
    actions: ['s3:ListBucket'],
    // Without a condition on the prefix, since S3 then answers 403, not 404, for a rendition that is missing.
    resources: [...new Set(stores.map(({ bucketArn }) => bucketArn))],
  });
  grantee.allow({
    sid: 'SendCanaryEvents',
    actions: ['sqs:SendMessage'],
    resources: delivered.map(({ canary }) => canary.queue.queueArn),
  });
  grantee.allow({
    sid: 'TakeCanaryDeadLetters',
    actions: ['sqs:DeleteMessage', 'sqs:ReceiveMessage'],
    resources: delivered.map(({ canary }) => canary.queue.deadLetterQueueArn),
  });
  grantKeys(
    grantee,
    [...stores, ...delivered.map(({ canary }) => canary.queue)].map(({ keyArn }) => keyArn),
  );
}

/** Lets a role read what it is to bring where, and promote it. */
export function grantPromotion(grantee: Grantee, at: EnvironmentScope, { delivered }: DeployScope): void {
  const written = delivered.flatMap(({ parameters }) => parameters.written);
  const arns = (names: readonly string[]) => names.map((name) => regionalArn(at, 'ssm', `parameter${name}`));
  grantee.allow({
    sid: 'ReadParameters',
    actions: ['ssm:GetParameter', 'ssm:GetParameterHistory'],
    resources: arns([...delivered.map(({ parameters }) => parameters.target), ...written]),
  });
  grantee.allow({ sid: 'WriteParameters', actions: ['ssm:PutParameter'], resources: arns(written) });
}

function familiesOf(at: EnvironmentScope, delivered: readonly DeliveredPipeline[]): readonly string[] {
  return delivered.map(({ pipeline: { task } }) =>
    regionalArn(at, 'ecs', `task-definition/${task.family}:*`),
  );
}

function grantKeys(grantee: Grantee, keyArns: readonly (string | undefined)[]): void {
  const resources = [...new Set(keyArns)].filter((arn) => arn !== undefined);
  if (resources.length === 0) return;
  grantee.allow({ sid: 'UseKeys', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources });
}
