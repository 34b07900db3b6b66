import { callEvents } from '../../local/aws/json-calls';
import type { Pipeline } from '../../local/ports';
import type { WakeUps } from '../../local/provision/wake-ups';
import type { AwsClients } from '../emulator/clients';
import { queueProcessing, resourceAt } from '../fakes/stacks/queue-processing-in-stack';
import { onlyOf } from '../fakes/stacks/synthesised';
import { type Fields, fieldsAt } from './fields';

/** What lets uploads run the scaler of a deployed pipeline, apart from names. */
export function deployedWakeUps(): Fields {
  const stack = queueProcessing({ pipelines: { photos: { wake: 'event', wakeTasks: 2 } } });
  const of = (type: string, path: string) =>
    resourceAt(stack, type, `pipeline-photos_wake-ups_${path}`);
  const queue = of('aws_sqs_queue', 'queue');
  const mapping = of('aws_lambda_event_source_mapping', 'mapping');
  return {
    bucketSendsEvents: onlyOf(stack.resources, 'aws_s3_bucket_notification').eventbridge === true,
    pattern: pattern(of('aws_cloudwatch_event_rule', 'rule').event_pattern),
    target: fieldsAt(TARGET, 'terraform', of('aws_cloudwatch_event_target', 'target')),
    queue: {
      isFifo: queue.fifo_queue,
      dropsKnownBodies: queue.content_based_deduplication,
      retention: queue.message_retention_seconds,
      visibilityTimeout: queue.visibility_timeout_seconds,
    },
    batchSize: mapping.batch_size,
    responses: mapping.function_response_types,
    tasks: tasksOf(onlyOf(stack.resources, 'aws_lambda_function').environment, 'variables'),
  };
}

/** The same of a pipeline on an emulator. */
export async function localWakeUps(
  { endpoint, lambda, s3, sqs }: AwsClients,
  { sourceBucket: Bucket, scalerFunctionName: FunctionName }: Pipeline,
  { rule, queueUrl: QueueUrl, mappingId: UUID }: WakeUps,
): Promise<Fields> {
  const events = await s3.getBucketNotificationConfiguration({ Bucket });
  const { EventPattern } = await callEvents(endpoint, 'DescribeRule', { Name: rule });
  const { Targets } = await callEvents(endpoint, 'ListTargetsByRule', { Rule: rule });
  const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
  const { BatchSize, FunctionResponseTypes } = await lambda.getEventSourceMapping({ UUID });
  const { Environment } = await lambda.getFunctionConfiguration({ FunctionName });
  return {
    bucketSendsEvents: events.EventBridgeConfiguration !== undefined,
    pattern: pattern(EventPattern),
    target: fieldsAt(TARGET, 'aws', (Targets as readonly object[])[0]),
    queue: {
      isFifo: Attributes.FifoQueue === 'true',
      dropsKnownBodies: Attributes.ContentBasedDeduplication === 'true',
      retention: Number(Attributes.MessageRetentionPeriod),
      visibilityTimeout: Number(Attributes.VisibilityTimeout),
    },
    batchSize: BatchSize,
    responses: FunctionResponseTypes,
    tasks: tasksOf(Environment, 'Variables'),
  };
}

const TARGET = {
  paths: ['input_transformer.input_paths', 'InputTransformer.InputPathsMap'],
  template: ['input_transformer.input_template', 'InputTransformer.InputTemplate'],
  group: ['sqs_target.message_group_id', 'SqsParameters.MessageGroupId'],
  retries: ['retry_policy.maximum_retry_attempts', 'RetryPolicy.MaximumRetryAttempts'],
  eventAge: ['retry_policy.maximum_event_age_in_seconds', 'RetryPolicy.MaximumEventAgeInSeconds'],
} as const;

/** Without the name of the bucket, which differs. */
function pattern(text: unknown): Fields {
  const { detail, ...rest } = JSON.parse(`${text}`);
  return { ...rest, key: detail.object.key };
}

function tasksOf(environment: unknown, variables: string): unknown {
  return Object(Object(environment)[variables]).WAKE_TASKS;
}
