import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { objectCreatedPattern } from '../../contract/notification';
import { SCHEDULE_RETRY } from '../../contract/schedule';
import { WAKE_UP } from '../../contract/wake-up';
import type { Clients } from '../aws/clients';
import { callEvents } from '../aws/json-calls';
import { arnOf, createQueue, required } from './queues';
import type { LocalSettings, Names } from './settings';

/** What wakes a pipeline: each is deleted on its own. */
export interface WakeUps {
  readonly rule: string;
  readonly queueUrl: string;
  /** Id of Lambda's event source mapping. */
  readonly mappingId: string;
}

const TARGET_ID = 'wake-up';

/**
 * Lets uploads run the scaler, as a deploy does. The emulator's EventBridge sends each event on,
 * although its queue would drop most of them: a flood costs more calls here than on AWS.
 */
export async function makeWakeUps(
  clients: Clients,
  names: Names,
  settings: LocalSettings,
): Promise<WakeUps> {
  const { endpoint } = clients;
  const { sourcePrefix, suffixes } = settings;
  const objects = { bucketName: names.sourceBucket, sourcePrefix, suffixes };
  await callEvents(endpoint, 'PutRule', {
    Name: names.wakeRule,
    EventPattern: objectCreatedPattern(objects),
  });
  const queueUrl = await createQueue(clients, names.wakeQueue, {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    MessageRetentionPeriod: String(WAKE_UP.retentionSeconds),
    VisibilityTimeout: String(WAKE_UP.visibilityTimeoutSeconds),
  });
  const queueArn = await arnOf(clients, queueUrl);
  await callEvents(endpoint, 'PutTargets', { Rule: names.wakeRule, Targets: [target(queueArn)] });
  const mapping = new CreateEventSourceMappingCommand({
    EventSourceArn: queueArn,
    FunctionName: names.scaler,
    BatchSize: WAKE_UP.batchSize,
    FunctionResponseTypes: [...WAKE_UP.functionResponseTypes],
  });
  const { UUID } = await clients.lambda.send(mapping);
  return { rule: names.wakeRule, queueUrl, mappingId: required(UUID, 'id of the mapping') };
}

function target(Arn: string) {
  const { inputPaths, inputTemplate, messageGroupId } = WAKE_UP;
  return {
    Id: TARGET_ID,
    Arn,
    InputTransformer: { InputPathsMap: inputPaths, InputTemplate: inputTemplate },
    SqsParameters: { MessageGroupId: messageGroupId },
    RetryPolicy: {
      MaximumRetryAttempts: SCHEDULE_RETRY.maximumRetryAttempts,
      MaximumEventAgeInSeconds: SCHEDULE_RETRY.maximumEventAgeInSeconds,
    },
  };
}

/** The deletions, of which none depends on another. */
export function wakeUpDeletions(
  { sqs, lambda, endpoint }: Clients,
  { rule, queueUrl, mappingId }: WakeUps,
): readonly Promise<unknown>[] {
  const removed = callEvents(endpoint, 'RemoveTargets', { Rule: rule, Ids: [TARGET_ID] });
  return [
    removed.then(() => callEvents(endpoint, 'DeleteRule', { Name: rule })),
    lambda.send(new DeleteEventSourceMappingCommand({ UUID: mappingId })),
    sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl })),
  ];
}
