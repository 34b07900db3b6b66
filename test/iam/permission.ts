import type { AwsCall } from './aws-call';
import type { PolicyDocument } from './simulate';

/** What IAM is asked before a call is let through. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that AWS fills for this call. */
  readonly context: Readonly<Record<string, string | string[]>>;
}

/** What the call itself does not say. */
export interface Deployment {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Task role and execution role of the task definitions. */
  readonly taskRoleArns: readonly string[];
  /** Tags of a task by its ARN; an unknown task is a fault of the test. */
  readonly tagsOf: (taskArn: string) => Readonly<Record<string, string>>;
  /** KMS key of a bucket or queue by its ARN; undefined: one that AWS manages. */
  readonly keyArnOf: (arn: string) => string | undefined;
}

export type Rule = (call: AwsCall, deployment: Deployment) => readonly Permission[];

export function allow(action: string, resource: string): Permission {
  return { action, resource, context: {} };
}

export function arn(
  { partition, region, accountId }: Deployment,
  service: string,
  path: string,
): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${path}`;
}

/** Every action that a policy allows, in the order of its statements. */
export function grantedActions({ Statement }: PolicyDocument): readonly string[] {
  const actions = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(
    ({ Action }) => Action,
  );
  return [...new Set(actions)];
}

/** Granted actions that no call needed and no reason excuses, and reasons that excuse nothing. */
export function unusedGrants(
  policy: PolicyDocument,
  used: ReadonlySet<string>,
  reasons: Readonly<Record<string, string>>,
): readonly string[] {
  const granted = grantedActions(policy);
  const unused = granted.filter((action) => !used.has(action) && !(action in reasons));
  const idle = Object.keys(reasons).filter(
    (action) => !granted.includes(action) || used.has(action),
  );
  return [
    ...unused.map((action) => `${action} is granted, but no call needs it`),
    ...idle.map((action) => `${action} needs no excuse`),
  ];
}

/** Names of ours and those of another owner, such as a second environment. */
export type Renames = Readonly<Record<string, string>>;

/** Context keys that hold a name by which AWS tells one owner from another. */
const NAMING_KEYS = ['ecs:cluster', 'aws:SourceArn'];
/** Keys for which a second environment has the same value as ours. */
const OTHERS: Readonly<Record<string, string>> = {
  'aws:SourceAccount': '999999999999',
  'iam:PassedToService': 'ec2.amazonaws.com',
};

/** Begins the key that holds a tag; another owner's resource does not have ours. */
const TAG_OF_RESOURCE = 'aws:ResourceTag/spillway:canary';

/** The same request, each time with one thing of another owner in it. */
export function aimedElsewhere(permission: Permission, renames: Renames): readonly Permission[] {
  const rename = (text: string) =>
    Object.entries(renames).reduce(
      (renamed, [ours, other]) => renamed.replaceAll(ours, other),
      text,
    );
  const { resource, context } = permission;
  const contexts = Object.entries(context).flatMap(([key, value]) => {
    if (key.startsWith(TAG_OF_RESOURCE)) return [without(context, key)];
    const other = OTHERS[key];
    if (other) return [{ ...context, [key]: other }];
    if (!NAMING_KEYS.includes(key) || typeof value !== 'string') return [];
    return rename(value) === value ? [] : [{ ...context, [key]: rename(value) }];
  });
  return [
    ...(rename(resource) === resource ? [] : [{ ...permission, resource: rename(resource) }]),
    ...contexts.map((changed) => ({ ...permission, context: changed })),
  ];
}

function without(context: Permission['context'], key: string): Permission['context'] {
  return Object.fromEntries(Object.entries(context).filter(([name]) => name !== key));
}
