import type { Pipeline } from '../../local/ports';
import type { AwsCall } from '../iam/aws-call';
import { aimedElsewhere, type Renames } from '../iam/elsewhere';
import { impliedPermissions, type Permission, type World } from '../iam/implied-permissions';
import { judge } from '../iam/simulate';
import type { Principal, Principals } from './principals';

/** A permission that a principal needed at least once. */
export interface Need {
  readonly principal: Principal;
  readonly permission: Permission;
}

/** What the calls of a principal needed, each permission once. */
export function needsOf(principal: Principal, calls: readonly AwsCall[], world: World): readonly Need[] {
  const permissions = calls.flatMap((call) => impliedPermissions(call, world));
  const distinct = new Map(permissions.map((permission) => [JSON.stringify(permission), permission]));
  return [...distinct.values()].map((permission) => ({ principal, permission }));
}

/** What the schedule needs, read from the schedule itself: nobody but EventBridge makes its call. */
export function needOfSchedule({ schedule, scheduleTargetArn }: Principals): Need {
  const permission = { action: 'lambda:InvokeFunction', resource: scheduleTargetArn, context: {} };
  return { principal: schedule, permission };
}

/** What S3 needs to tell a queue of new objects. */
export function needOfEvents(pipeline: Pipeline, queueArn: string): Need {
  return {
    principal: { name: 's3.amazonaws.com' },
    permission: {
      action: 'sqs:SendMessage',
      resource: queueArn,
      context: {
        'aws:SourceArn': `arn:aws:s3:::${pipeline.sourceBucket}`,
        'aws:SourceAccount': pipeline.accountId,
        'aws:SecureTransport': 'true',
      },
    },
  };
}

/** Needs that the policies do not meet, as sentences. */
export async function refused(needs: readonly Need[], principals: Principals): Promise<readonly string[]> {
  const verdicts = await Promise.all(needs.map((need) => verdictOf(need, principals)));
  return needs.flatMap((need, index) =>
    verdicts[index] === 'Allowed' ? [] : [`${sentence(need)}: ${verdicts[index]}`],
  );
}

/** The same calls aimed at somebody else's things that the policies would allow, as sentences. */
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
  return `${principal.name.split('/').at(-1)} asks for ${action} on ${resource} ${JSON.stringify(context)}`;
}
