import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueDepth } from '../../lambda/scaler/ports';
import { clientSettings } from '../aws/clients';
import type { Pipeline } from '../ports';
import type { DeadLetterMessage } from './dead-letter';

export interface ReceivedDeadLetter extends DeadLetterMessage {
  readonly receiptHandle: string;
}

/** What a run needs of its two queues. */
export interface PipelineQueues {
  depth(): Promise<QueueDepth>;
  /** At most ten dead letters. They stay hidden from others until the end of the run. */
  receiveDeadLetters(): Promise<readonly ReceivedDeadLetter[]>;
  removeDeadLetter(receiptHandle: string): Promise<void>;
  /** Makes a dead letter visible again. */
  releaseDeadLetter(receiptHandle: string): Promise<void>;
  close(): void;
}

/** The most that SQS allows, and longer than a run takes. */
const HIDDEN_SECONDS = 43_200;

export function openQueues(pipeline: Pipeline): PipelineQueues {
  const client = new SQSClient(clientSettings(pipeline.endpoint));
  const dead = { QueueUrl: pipeline.deadLetterQueueUrl };
  return {
    depth: () => depth(client, pipeline.queueUrl),
    async receiveDeadLetters() {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          ...dead,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 0,
          VisibilityTimeout: HIDDEN_SECONDS,
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages.map(received);
    },
    async removeDeadLetter(receiptHandle) {
      await client.send(new DeleteMessageCommand({ ...dead, ReceiptHandle: receiptHandle }));
    },
    async releaseDeadLetter(receiptHandle) {
      await client.send(
        new ChangeMessageVisibilityCommand({
          ...dead,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: 0,
        }),
      );
    },
    close: () => client.destroy(),
  };
}

async function depth(client: SQSClient, queueUrl: string): Promise<QueueDepth> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    backlog: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}

function received(message: Message): ReceivedDeadLetter {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(
    ([name, value]) => [name, value.StringValue ?? ''] as const,
  );
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: Object.fromEntries(attributes),
  };
}
