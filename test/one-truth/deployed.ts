import { at, queueProcessing } from '../../stacks/queue-processing-bench';
import type { Attributes } from '../../stacks/synthesised';
import type { Fields } from './fields';

/** What one machine is told otherwise, told to AWS too, so that what is left are differences of how it is made. */
const LIKE_LOCAL = { jobsPerTask: 25, idleExitSeconds: 3, jobConcurrency: 4 };

/** The resources of one deployed pipeline that one machine has too, in the words of their APIs. */
export function deployedFields(): Fields {
  const stack = queueProcessing({ pipelines: { photos: LIKE_LOCAL } });
  const [work, deadLetters] = ['work', 'dead-letters'].map((queue) =>
    at(stack, 'aws_sqs_queue', `pipeline-photos_queue_${queue}`),
  );
  const fn = at(stack, 'aws_lambda_function', 'pipeline-photos_scaler_function');
  return {
    work: queue(work),
    deadLetters: queue(deadLetters),
    notification: notification(Object.values(stack.resources.aws_s3_bucket_notification ?? {})[0]),
    task: task(Object.values(stack.resources.aws_ecs_task_definition ?? {})[0]),
    parameters: Object.fromEntries(
      Object.values(stack.resources.aws_ssm_parameter ?? {}).map(({ name, value }) => [
        `${name}`.split('/').at(-1),
        value,
      ]),
    ),
    function: {
      runtime: fn.runtime,
      handler: fn.handler,
      timeout: fn.timeout,
      memory: fn.memory_size,
      architectures: fn.architectures,
      environment: (fn.environment as Attributes).variables,
    },
    schedule: schedule(Object.values(stack.resources.aws_scheduler_schedule ?? {})[0]),
  };
}

function queue(attributes: Attributes = {}): Fields {
  const { redrive_policy: redrive } = attributes;
  return {
    visibilityTimeout: attributes.visibility_timeout_seconds ?? 30,
    retention: attributes.message_retention_seconds,
    ...(redrive ? { maxReceiveCount: JSON.parse(`${redrive}`).maxReceiveCount } : {}),
    managedEncryption: attributes.sqs_managed_sse_enabled,
  };
}

function notification(attributes: Attributes = {}): unknown {
  const queues = attributes.queue as readonly Attributes[];
  return queues.map(({ events, filter_prefix: prefix, filter_suffix: suffix }) => ({
    events,
    prefix,
    ...(suffix ? { suffix } : {}),
  }));
}

function task(attributes: Attributes = {}): Fields {
  const [container] = JSON.parse(`${attributes.container_definitions}`);
  const platform = attributes.runtime_platform as Attributes;
  return {
    cpu: attributes.cpu,
    memory: attributes.memory,
    networkMode: attributes.network_mode,
    requiresCompatibilities: attributes.requires_compatibilities,
    volumes: attributes.volume,
    cpuArchitecture: platform.cpu_architecture,
    container: { ...container, environment: byName(container.environment) },
  };
}

function schedule(attributes: Attributes = {}): Fields {
  const target = attributes.target as Attributes;
  const retry = target.retry_policy as Attributes;
  return {
    expression: attributes.schedule_expression,
    flexibleWindow: (attributes.flexible_time_window as Attributes).mode,
    input: target.input,
    retries: retry.maximum_retry_attempts,
  };
}

export function byName(
  variables: readonly { readonly name?: string | undefined; readonly value?: string | undefined }[] = [],
): Fields {
  return Object.fromEntries(variables.map(({ name = '', value }) => [name, value]));
}
