import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type MessageAttributeValue,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
  type Message as SqsMessage,
} from '@aws-sdk/client-sqs';
import {
  type BatchFailure,
  type MessageAttribute,
  type Queue,
  type QueueMessage,
  type Queues,
  TooManyInFlight,
} from '../ports/queues';
import { undeployed } from './errors';
import { moveAll } from './message-move-tasks';

/**
 * Long enough for SQS to ask every one of its servers, so that an empty answer means an empty
 * queue.
 */
const WAIT_SECONDS = 1;
const DEPTH = {
  backlog: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const;

export function createQueues(client: SQSClient): Queues {
  return {
    open: async (name) => openQueue(client, await urlOf(client, name)),
    moveAll: async (from, to, perSecond) => {
      const [source, destination] = await Promise.all([arnOf(client, from), arnOf(client, to)]);
      return moveAll(client, { source, destination, perSecond });
    },
  };
}

async function urlOf(client: SQSClient, QueueName: string): Promise<string> {
  try {
    const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl;
  } catch (error) {
    if (!isNamed(error, 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'))
      throw error;
    throw undeployed(`queue ${QueueName}`, error);
  }
}

async function arnOf(client: SQSClient, name: string): Promise<string> {
  const QueueUrl = await urlOf(client, name);
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return Attributes?.QueueArn ?? '';
}

function openQueue(client: SQSClient, QueueUrl: string): Queue {
  return {
    async depth() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: Object.values(DEPTH) }),
      );
      const count = (name: keyof typeof DEPTH) => Number(Attributes[DEPTH[name]] ?? 0);
      return { backlog: count('backlog'), inFlight: count('inFlight'), delayed: count('delayed') };
    },
    receive: (most, hiddenSeconds) => receive(client, QueueUrl, most, hiddenSeconds),
    async send(messages) {
      const Entries = messages.map(({ body, attributes }, index) => ({
        Id: String(index),
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, outgoing(value)]),
        ),
      }));
      return failuresOf(await client.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
    },
    async remove(handles) {
      const Entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      return failuresOf(await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })));
    },
    extend: (handles, hiddenSeconds) => changeVisibility(client, QueueUrl, handles, hiddenSeconds),
    release: (handles) => changeVisibility(client, QueueUrl, handles, 0),
    async purge() {
      await client.send(new PurgeQueueCommand({ QueueUrl }));
    },
  };
}

async function receive(client: SQSClient, QueueUrl: string, most: number, hiddenSeconds: number) {
  try {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: most,
        WaitTimeSeconds: WAIT_SECONDS,
        VisibilityTimeout: hiddenSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    return Messages.map(messageOf);
  } catch (error) {
    if (isNamed(error, 'OverLimit')) throw new TooManyInFlight(error.message, { cause: error });
    throw error;
  }
}

async function changeVisibility(
  client: SQSClient,
  QueueUrl: string,
  handles: readonly string[],
  VisibilityTimeout: number,
) {
  const Entries = handles.map((ReceiptHandle, index) => ({
    Id: String(index),
    ReceiptHandle,
    VisibilityTimeout,
  }));
  return failuresOf(
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })),
  );
}

function messageOf(message: SqsMessage): QueueMessage {
  const {
    MessageId = '',
    ReceiptHandle = '',
    Body = '',
    Attributes,
    MessageAttributes = {},
  } = message;
  const attributes = Object.entries(MessageAttributes).map(([name, value]) => [
    name,
    incoming(value),
  ]);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Object.fromEntries(attributes),
    sentAt: Number(Attributes?.SentTimestamp ?? 0),
  };
}

function incoming({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttribute {
  return {
    dataType: DataType ?? 'String',
    ...(StringValue !== undefined && { text: StringValue }),
    ...(BinaryValue !== undefined && { bytes: BinaryValue }),
  };
}

function outgoing({ dataType, text, bytes }: MessageAttribute): MessageAttributeValue {
  return {
    DataType: dataType,
    ...(text !== undefined && { StringValue: text }),
    ...(bytes !== undefined && { BinaryValue: bytes }),
  };
}

interface BatchAnswer {
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined;
}

function failuresOf({ Failed = [] }: BatchAnswer): readonly BatchFailure[] {
  return Failed.map(({ Id, Code }) => ({ index: Number(Id), code: Code ?? 'Unknown' }));
}

function isNamed(error: unknown, ...names: string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}
