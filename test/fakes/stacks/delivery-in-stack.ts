import { Testing } from 'cdktf';
import type { EnvironmentInput } from '../../../stacks/config/blueprint-config';
import { DeliveryStack } from '../../../stacks/delivery/delivery-stack';
import type { Pipeline } from '../../../stacks/queue-processing/pipeline';
import { QueueProcessingStack } from '../../../stacks/queue-processing/queue-processing-stack';
import { CORE_INFRA, devEnvironment } from './environment';
import { readable } from './queue-processing-in-stack';
import { type Synthesised, synthesised } from './synthesised';

/** Types of resources of the previous stack: an output's name joins them to the path. */
const REFERENCED =
  'iam_role|s3_bucket|ecs_task_definition|security_group|cloudwatch_log_group|kms_key';
const CROSS_STACK = new RegExp(
  String.raw`\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.cross-stack-output-` +
    String.raw`(?:aws_(?:${REFERENCED})|local)([\w-]+?)_[0-9A-F]{8}(\w*)\}`,
  'g',
);

/**
 * The delivery of environment `dev` with these settings. A reference is its name, also a reference
 * to the previous stack.
 * @param workloads by the name of their pipeline; no folder need hold them.
 */
export function delivery(
  input: EnvironmentInput = {},
  workloads: Readonly<Record<string, string>> = {},
): Synthesised {
  const app = Testing.app();
  const environment = devEnvironment(input);
  const { pipelines, key } = new QueueProcessingStack(app, environment, CORE_INFRA);
  const stack = new DeliveryStack(app, environment, {
    ...CORE_INFRA,
    pipelines: pipelines.map((pipeline) => withWorkload(pipeline, workloads)),
    key,
  });
  const text = JSON.stringify(synthesised(stack))
    .replace(CROSS_STACK, '<$1 $2>')
    .replaceAll(' >', '>');
  return JSON.parse(readable(text));
}

function withWorkload(pipeline: Pipeline, workloads: Readonly<Record<string, string>>): Pipeline {
  const { props } = pipeline;
  const workload = workloads[props.name] ?? props.settings.workload;
  const value = { ...props, settings: { ...props.settings, workload } };
  return Object.create(pipeline, { props: { value } });
}
