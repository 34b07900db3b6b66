import { Testing } from 'cdktf';
import type { EnvironmentInput } from '../../../stacks/config/blueprint-config';
import { QueueProcessingStack } from '../../../stacks/queue-processing/queue-processing-stack';
import { ACCOUNT, CORE_INFRA, devEnvironment } from './environment';
import {
  type Attributes,
  type PolicyStatement,
  policyOf,
  type Synthesised,
  synthesised,
} from './synthesised';

/**
 * The pipelines of environment `dev` with these settings. A reference to an attribute is its name,
 * such as `<pipeline-photos_queue_work arn>`.
 */
export function queueProcessing(input: EnvironmentInput = {}): Synthesised {
  const stack = new QueueProcessingStack(Testing.app(), devEnvironment(input), CORE_INFRA);
  return JSON.parse(readable(JSON.stringify(synthesised(stack))));
}

/** Replaces references by names, and the account by a number. */
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

/** Statements of a policy, or of what has one. */
export function statementsOf(resource: Attributes): readonly PolicyStatement[] {
  return policyOf(resource).Statement;
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
