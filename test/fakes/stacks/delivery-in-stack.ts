import { Testing } from 'cdktf';
import type { EnvironmentInput } from '../../../stacks/config/blueprint-config';
import { resolveBlueprint } from '../../../stacks/config/load-config';
import { DeliveryStack } from '../../../stacks/delivery/delivery-stack';
import { QueueProcessingStack } from '../../../stacks/queue-processing/queue-processing-stack';
import { CLUSTER_ARN, readable } from './queue-processing-in-stack';
import { type Synthesised, synthesised } from './synthesised';

/**
 * Types of what the stack takes from the one before it: an output's name joins them to the path.
 */
const TAKEN = 'iam_role|s3_bucket|ecs_task_definition|security_group|cloudwatch_log_group|kms_key';
const CROSS_STACK = new RegExp(
  String.raw`\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.cross-stack-output-(?:aws_(?:${TAKEN})|local)([\w-]+?)_[0-9A-F]{8}(\w*)\}`,
  'g',
);

/**
 * The stack of one environment as Terraform reads it, with names in place of what AWS tells, also
 * of the stack before it.
 */
export function delivery(input: EnvironmentInput = {}): Synthesised {
  const [environment] = resolveBlueprint({ environments: { dev: input } });
  if (!environment) throw new Error('an environment was expected');
  const app = Testing.app();
  const network = { vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'], assignPublicIp: true };
  const cluster = { name: 'spillway-dev', arn: CLUSTER_ARN };
  const { pipelines, key } = new QueueProcessingStack(app, environment, { network, cluster });
  const stack = new DeliveryStack(app, environment, { network, cluster, pipelines, key });
  const text = JSON.stringify(synthesised(stack))
    .replace(CROSS_STACK, '<$1 $2>')
    .replaceAll(' >', '>');
  return JSON.parse(readable(text));
}
