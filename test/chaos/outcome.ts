import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Clients } from '../../local/aws/clients';
import { type DeadLetterRecord, readDeadLetter } from '../../local/files/dead-letter';
import type { Pipeline } from '../../local/ports';

/** What a run has left behind. */
export interface Outcome {
  readonly renditions: ReadonlyMap<string, Buffer>;
  readonly deadLetters: readonly DeadLetterRecord[];
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Visible, in-flight and delayed messages together. */
export async function messagesIn({ sqs }: Pick<Clients, 'sqs'>, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
  );
  return COUNTS.map((name) => Number(Attributes[name])).reduce((sum, count) => sum + count, 0);
}

export async function readOutcome(
  clients: Pick<Clients, 's3' | 'sqs'>,
  pipeline: Pipeline,
): Promise<Outcome> {
  const [renditions, deadLetters] = await Promise.all([
    readRenditions(clients, pipeline),
    takeMessages(clients, pipeline.deadLetterQueueUrl),
  ]);
  return { renditions, deadLetters };
}

async function readRenditions(
  { s3 }: Pick<Clients, 's3'>,
  { destinationBucket: Bucket }: Pipeline,
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    for (const { Key = '' } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      found.set(Key, Buffer.from((await Body?.transformToByteArray()) ?? []));
    }
  }
  return found;
}

/** Reads and deletes every message of a queue. */
export async function takeMessages(
  { sqs }: Pick<Clients, 'sqs'>,
  QueueUrl: string,
): Promise<DeadLetterRecord[]> {
  const found: DeadLetterRecord[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return found;
    for (const { MessageId = '', Body = '', MessageAttributes = {} } of Messages) {
      const attributes = Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [
          name,
          StringValue,
        ]),
      );
      found.push(readDeadLetter({ messageId: MessageId, body: Body, attributes }));
    }
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
