import { Testing } from 'cdktf';
import type { EnvironmentInput } from '../../../stacks/config/blueprint-config';
import { resolveBlueprint } from '../../../stacks/config/load-config';
import { QueueProcessingStack } from '../../../stacks/queue-processing/queue-processing-stack';
import { type Attributes, type Synthesised, synthesised } from './synthesised';

export const ACCOUNT = '123456789012';
export const CLUSTER_ARN = `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/spillway-dev`;

/**
 * The stack of one environment as Terraform reads it, with names in place of what AWS tells:
 * `<pipeline-photos_queue_work arn>`.
 */
export function queueProcessing(input: EnvironmentInput = {}): Synthesised {
  const [environment] = resolveBlueprint({ environments: { dev: input } });
  if (!environment) throw new Error('an environment was expected');
  const stack = new QueueProcessingStack(Testing.app(), environment, {
    network: { vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'], assignPublicIp: true },
    cluster: { name: 'spillway-dev', arn: CLUSTER_ARN },
  });
  return JSON.parse(readable(JSON.stringify(synthesised(stack))));
}

/** A stack with names in place of what AWS tells. */
export function readable(text: string): string {
  return text
    .replace(/\$\{data\.aws_partition\.[\w.]+\}/g, 'aws')
    .replace(/\$\{data\.aws_caller_identity\.[\w.]+\}/g, ACCOUNT)
    .replace(/\$\{aws_\w+\.([\w-]+?)_[0-9A-F]{8}\.(\w+)\}/g, '<$1 $2>');
}

/** A resource by the path of its constructs, such as `pipeline-photos_task_log`. */
export function resourceAt({ resources }: Synthesised, type: string, path: string): Attributes {
  const found = Object.entries(resources[type] ?? {}).find(
    ([id]) => id.replace(/_[0-9A-F]{8}$/, '') === path,
  );
  if (!found)
    throw new Error(`${type} ${path}: not among ${Object.keys(resources[type] ?? {}).join(', ')}`);
  return found[1];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/** Statements of a policy, or of what has one. */
export function statementsOf({ policy }: Attributes): readonly PolicyStatement[] {
  return JSON.parse(`${policy}`).Statement;
}

/** Every policy of a stack by its path: roles, buckets, queues, topics and keys. */
export function allPolicies({
  resources,
}: Synthesised): readonly (readonly [path: string, statement: PolicyStatement])[] {
  const having = Object.values(resources).flatMap((byId) => Object.entries(byId));
  return (
    having
      // A lifecycle policy of images has no statements.
      .filter(([, { policy }]) => typeof policy === 'string' && policy.includes('"Statement"'))
      .flatMap(([id, attributes]) =>
        statementsOf(attributes).map((statement) => [id, statement] as const),
      )
  );
}
