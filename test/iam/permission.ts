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
  /** Tags of a task by its ARN; an unknown task is a fault of the test. */
  readonly tagsOf: (taskArn: string) => Readonly<Record<string, string>>;
  /** KMS key of a bucket or queue by its ARN; undefined: one that AWS manages. */
  readonly keyArnOf: (arn: string) => string | undefined;
}

export type Rule = (call: AwsCall, world: World) => readonly Permission[];

export function allow(action: string, resource: string): Permission {
  return { action, resource, context: {} };
}

export function arn(
  { partition, region, accountId }: World,
  service: string,
  path: string,
): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${path}`;
}
