import { queueProcessing, resourceAt } from '../fakes/stacks/queue-processing-in-stack';
import { type Attributes, allOf, onlyOf } from '../fakes/stacks/synthesised';
import {
  byName,
  type Fields,
  FUNCTION,
  fieldsAt,
  inRoles,
  rolesOf,
  SCHEDULE,
  statements,
  TASK,
} from './fields';

/** Every name that the stack tells only when it is deployed is in brackets. */
const ROLES = rolesOf({
  id: { blueprint: 'spillway', environment: 'dev', pipeline: 'photos' },
  cluster: 'spillway-dev',
  workQueue: { arn: '<pipeline-photos_queue_work arn>', url: '<pipeline-photos_queue_work url>' },
  deadLetterQueue: {
    arn: '<pipeline-photos_queue_dead-letters arn>',
    url: '<pipeline-photos_queue_dead-letters url>',
  },
  sourceBucket: {
    arn: '<buckets_photos-source_bucket arn>',
    name: '<buckets_photos-source_bucket id>',
  },
  destinationBucket: '<buckets_photos-destination_bucket id>',
  scalerArn: '<pipeline-photos_scaler_function arn>',
});

/** The resources of one deployed pipeline that one machine has too, in the words of their APIs. */
export function deployedFields(): unknown {
  const stack = queueProcessing();
  const { resources } = stack;
  const of = (type: string, path: string) => resourceAt(stack, type, `pipeline-photos_${path}`);
  const fields: Fields = {
    work: queue(of('aws_sqs_queue', 'queue_work'), of('aws_sqs_queue_policy', 'queue_work-policy')),
    deadLetters: {
      ...queue(
        of('aws_sqs_queue', 'queue_dead-letters'),
        of('aws_sqs_queue_policy', 'queue_dead-letters-policy'),
      ),
      redriveAllow: JSON.parse(
        `${onlyOf(resources, 'aws_sqs_queue_redrive_allow_policy').redrive_allow_policy}`,
      ),
    },
    notification: notification(onlyOf(resources, 'aws_s3_bucket_notification')),
    task: task(onlyOf(resources, 'aws_ecs_task_definition')),
    parameters: Object.fromEntries(
      allOf(resources, 'aws_ssm_parameter').map(({ name, type, value }) => [
        `${name}`.split('/').at(-1),
        { type, value },
      ]),
    ),
    function: fieldsAt(FUNCTION, 'terraform', onlyOf(resources, 'aws_lambda_function')),
    schedule: fieldsAt(SCHEDULE, 'terraform', onlyOf(resources, 'aws_scheduler_schedule')),
  };
  return inRoles(fields, ROLES);
}

function queue(attributes: Attributes, { policy }: Attributes): Fields {
  const { redrive_policy: redrive } = attributes;
  return {
    name: attributes.name,
    // What SQS takes where nothing is said.
    visibilityTimeout: attributes.visibility_timeout_seconds ?? 30,
    retention: attributes.message_retention_seconds,
    delay: attributes.delay_seconds ?? 0,
    ...(redrive ? { redrive: JSON.parse(`${redrive}`) } : {}),
    managedEncryption: attributes.sqs_managed_sse_enabled,
    policy: statements(policy),
  };
}

function notification({ queue: queues }: Attributes): unknown {
  return (queues as readonly Attributes[]).map(
    ({ id, queue_arn, events, filter_prefix, filter_suffix }) => ({
      id,
      queue: queue_arn,
      events,
      prefix: filter_prefix,
      ...(filter_suffix ? { suffix: filter_suffix } : {}),
    }),
  );
}

function task(attributes: Attributes): Fields {
  const [container, ...more] = JSON.parse(`${attributes.container_definitions}`);
  return {
    ...fieldsAt(TASK, 'terraform', attributes),
    container: { ...container, environment: byName(container.environment) },
    furtherContainers: more,
  };
}
