import { CANARY_TAG, canaryPrefix } from '../../../contract/delivery';
import type { Cluster } from '../../core-infra/network';
import { EnvironmentScope } from '../../iam/environment-scope';
import type { Grantee } from '../../iam/grantee';
import type { DeliveredPipeline } from './delivered-pipeline';

/** Lets a role read revisions, and deregister old ones. */
export function grantSeeRevisions(grantee: Grantee): void {
  grantee.allow({
    sid: 'SeeAndDeregisterRevisions',
    actions: [
      'ecs:DeregisterTaskDefinition',
      'ecs:DescribeTaskDefinition',
      'ecs:ListTaskDefinitions',
    ],
    // The service allows no resource and no condition for any of them.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    resources: ['*'],
  });
}

/** Lets a role read the tasks of a cluster, and stop canaries by their tag. */
export function grantWatchCanaries(grantee: Grantee, { name }: Cluster): void {
  const resources = [EnvironmentScope.of(grantee).arn('ecs', `task/${name}/*`)];
  grantee.allow({
    sid: 'TagCanariesAtLaunch',
    actions: ['ecs:TagResource'],
    resources,
    conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
  });
  grantee.allow({ sid: 'DescribeCanaries', actions: ['ecs:DescribeTasks'], resources });
  grantee.allow({
    sid: 'StopCanaries',
    actions: ['ecs:StopTask'],
    resources,
    conditions: { StringEquals: { [`aws:ResourceTag/${CANARY_TAG.key}`]: CANARY_TAG.value } },
  });
}

/** Lets a role register revisions of a pipeline, and run one as a canary in the worker's roles. */
export function grantRunCanary(
  grantee: Grantee,
  { pipeline: { task } }: DeliveredPipeline,
  cluster: Cluster,
): void {
  const revisions = [EnvironmentScope.of(grantee).arn('ecs', `task-definition/${task.family}:*`)];
  grantee.allow({
    sid: 'RegisterRevisions',
    actions: ['ecs:RegisterTaskDefinition'],
    resources: revisions,
  });
  grantee.allow({
    sid: 'TagRevisions',
    actions: ['ecs:TagResource'],
    resources: revisions,
    conditions: { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
  });
  grantee.allow({
    sid: 'RunCanary',
    actions: ['ecs:RunTask'],
    resources: revisions,
    conditions: { ArnEquals: { 'ecs:cluster': cluster.arn } },
  });
  task.grantPassRoles(grantee);
  grantee.allow({
    sid: 'ReadWorkerLog',
    actions: ['logs:GetLogEvents'],
    resources: [`${task.logGroupArn}:*`],
  });
}

/** Lets a role write a canary's objects and events, and read the results. */
export function grantCanaryData(grantee: Grantee, { pipeline, canary }: DeliveredPipeline): void {
  const { name, source, destination } = pipeline.props;
  const buckets = [...new Set([source.bucketArn, destination.bucketArn])];
  grantee.allow({
    sid: 'UseCanaryObjects',
    actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    resources: buckets.map((bucketArn) => `${bucketArn}/${canaryPrefix(name)}*`),
  });
  // No condition on the prefix: with one, S3 would return 403, not 404, for a missing output.
  grantee.allow({ sid: 'ListCanaryBuckets', actions: ['s3:ListBucket'], resources: buckets });
  grantee.allow({
    sid: 'SendCanaryEvents',
    actions: ['sqs:SendMessage'],
    resources: [canary.queue.queueArn],
  });
  grantee.allow({
    sid: 'TakeCanaryDeadLetters',
    actions: ['sqs:DeleteMessage', 'sqs:ReceiveMessage'],
    resources: [canary.queue.deadLetterQueueArn],
  });
  const keys = [source, destination, canary.queue].map(({ keyArn }) => keyArn);
  const resources = [...new Set(keys)].filter((arn) => arn !== undefined);
  if (resources.length > 0) {
    grantee.allow({ sid: 'UseKeys', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources });
  }
}

/** Lets a role read the target of a deploy, promote a revision, and write the outcome. */
export function grantPromote(
  grantee: Grantee,
  { parameters: { targetParameter, deployerParameters } }: DeliveredPipeline,
): void {
  const scope = EnvironmentScope.of(grantee);
  const arns = (names: readonly string[]) =>
    names.map((name) => scope.arn('ssm', `parameter${name}`));
  grantee.allow({
    sid: 'ReadParameters',
    actions: ['ssm:GetParameter'],
    resources: arns([targetParameter, ...deployerParameters]),
  });
  grantee.allow({
    sid: 'WriteParameters',
    actions: ['ssm:PutParameter'],
    resources: arns(deployerParameters),
  });
}
