import type { Pipeline } from '../../local/ports';
import type { AwsCall } from '../iam/aws-call';
import { impliedPermissions } from '../iam/implied-permissions';
import { aimedElsewhere, type Deployment, type Permission, type Renames } from '../iam/permission';
import { judge } from '../iam/simulate';
import type { Principal, Principals } from './principals';
import type { Recording } from './recorded-fleet';

/** A permission that a principal needed at least once. */
export interface Need {
  readonly principal: Principal;
  readonly permission: Permission;
}

/** What the calls of a principal needed, each permission once. */
export function needsOf(
  principal: Principal,
  calls: readonly AwsCall[],
  deployment: Deployment,
): readonly Need[] {
  const permissions = calls.flatMap((call) => impliedPermissions(call, deployment));
  const distinct = new Map(
    permissions.map((permission) => [JSON.stringify(permission), permission]),
  );
  return [...distinct.values()].map((permission) => ({ principal, permission }));
}

/** What the schedule needs, read from the schedule: EventBridge alone makes its call. */
function needOfSchedule({ schedule, scheduleTargetArn }: Principals): Need {
  const permission = { action: 'lambda:InvokeFunction', resource: scheduleTargetArn, context: {} };
  return { principal: schedule, permission };
}

/** What S3 needs to tell a queue of new objects; under an own key also the key. */
function needsOfEvents(pipeline: Pipeline, { queueArn, keyArns }: Principals): readonly Need[] {
  const context = {
    'aws:SourceArn': `arn:aws:s3:::${pipeline.sourceBucket}`,
    'aws:SourceAccount': pipeline.accountId,
    'aws:SecureTransport': 'true',
  };
  const keyArn = keyArns.get(queueArn);
  const wanted: readonly (readonly [string, string])[] = [
    ['sqs:SendMessage', queueArn],
    ...(keyArn
      ? ([
          ['kms:GenerateDataKey', keyArn],
          ['kms:Decrypt', keyArn],
        ] as const)
      : []),
  ];
  const principal = { name: 's3.amazonaws.com' };
  return wanted.map(([action, resource]) => ({
    principal,
    permission: { action, resource, context },
  }));
}

/** Everything that the calls of a run needed of IAM. */
export function needsOfRun(
  calls: Recording,
  pipeline: Pipeline,
  principals: Principals,
): readonly Need[] {
  const deployment: Deployment = {
    partition: 'aws',
    region: pipeline.region,
    accountId: pipeline.accountId,
    taskRoleArns: [principals.task.name, principals.execution.name],
    tagsOf: (taskArn) => {
      throw new Error(`Nothing of this run stops a task, but ${taskArn} was.`);
    },
    keyArnOf: (arn) => principals.keyArns.get(arn),
  };
  return [
    ...needsOf(principals.task, calls.worker, deployment),
    ...needsOf(principals.scaler, calls.scaler, deployment),
    needOfSchedule(principals),
    ...needsOfEvents(pipeline, principals),
  ];
}

/** The calls that the same run would make in another environment. */
export function moved(calls: Recording, renames: Renames): Recording {
  const text = Object.entries(renames).reduce(
    (renamed, [ours, other]) => renamed.replaceAll(ours, other),
    JSON.stringify(calls),
  );
  return JSON.parse(text) as Recording;
}

/** Needs that the policies do not meet, as sentences. */
export async function refused(
  needs: readonly Need[],
  principals: Principals,
): Promise<readonly string[]> {
  const verdicts = await Promise.all(needs.map((need) => verdictOf(need, principals)));
  return needs.flatMap((need, index) =>
    verdicts[index] === 'Allowed' ? [] : [`${sentence(need)}: ${verdicts[index]}`],
  );
}

/** The same calls aimed at another owner's things that the policies would allow. */
export async function allowedElsewhere(
  needs: readonly Need[],
  principals: Principals,
  renames: Renames,
): Promise<{ readonly tried: number; readonly allowed: readonly string[] }> {
  const elsewhere = needs.flatMap(({ principal, permission }) =>
    aimedElsewhere(permission, renames).map((other) => ({ principal, permission: other })),
  );
  const verdicts = await Promise.all(elsewhere.map((need) => verdictOf(need, principals)));
  const allowed = elsewhere.filter((_need, index) => verdicts[index] === 'Allowed').map(sentence);
  return { tried: elsewhere.length, allowed };
}

function verdictOf({ principal, permission }: Need, { resourcePolicies }: Principals) {
  const bucket = permission.resource.split('/')[0] ?? '';
  return judge({
    principal: principal.name,
    permission,
    ...(principal.policy && { identityPolicy: principal.policy }),
    resourcePolicy: resourcePolicies.get(permission.resource) ?? resourcePolicies.get(bucket),
  });
}

function sentence({ principal, permission: { action, resource, context } }: Need): string {
  return (
    `${principal.name.split('/').at(-1)} asks for ${action} on ${resource} ` +
    `${JSON.stringify(context)}`
  );
}
