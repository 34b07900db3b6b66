import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { type DeadLetterRecord, readDeadLetter } from '../../local/files/dead-letter';
import type { AwsClients } from './clients';

/** What a run has left behind. */
export interface Outcome {
  /** By their keys. */
  readonly renditions: ReadonlyMap<string, Buffer>;
  readonly deadLetters: readonly DeadLetterRecord[];
}

export interface Ends {
  readonly destinationBucket: string;
  readonly deadLetterQueueUrl: string;
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Reads the renditions, and takes the dead letters. */
export async function readOutcome(clients: AwsClients, ends: Ends): Promise<Outcome> {
  const { s3 } = clients;
  const Bucket = ends.destinationBucket;
  const renditions = new Map<string, Buffer>();
  for (const Key of await keysIn(clients, Bucket)) {
    const { Body } = await s3.getObject({ Bucket, Key });
    renditions.set(Key, Buffer.from((await Body?.transformToByteArray()) ?? []));
  }
  return { renditions, deadLetters: await takeMessages(clients, ends.deadLetterQueueUrl) };
}

export async function keysIn({ s3 }: Pick<AwsClients, 's3'>, Bucket: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket }))
    keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  return keys;
}

/** Keys of one DeleteObjects. */
const MOST_DELETIONS = 1_000;

export async function deleteObjects(
  { s3 }: Pick<AwsClients, 's3'>,
  Bucket: string,
  keys: readonly string[],
): Promise<void> {
  for (let from = 0; from < keys.length; from += MOST_DELETIONS) {
    const Objects = keys.slice(from, from + MOST_DELETIONS).map((Key) => ({ Key }));
    await s3.deleteObjects({ Bucket, Delete: { Objects, Quiet: true } });
  }
}

/** Visible, in-flight and delayed messages together. */
export async function messagesIn(
  { sqs }: Pick<AwsClients, 'sqs'>,
  QueueUrl: string,
): Promise<number> {
  const AttributeNames = [...COUNTS];
  const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames });
  return COUNTS.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

/** Reads and deletes every message of a queue. */
export async function takeMessages(
  { sqs }: Pick<AwsClients, 'sqs'>,
  QueueUrl: string,
): Promise<DeadLetterRecord[]> {
  const found: DeadLetterRecord[] = [];
  const request = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage(request);
    if (Messages.length === 0) return found;
    for (const { MessageId: messageId = '', Body: body = '', ...message } of Messages) {
      const attributes = Object.entries(message.MessageAttributes ?? {}).map(
        ([name, { StringValue = '' }]) => [name, StringValue],
      );
      found.push(readDeadLetter({ messageId, body, attributes: Object.fromEntries(attributes) }));
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle: message.ReceiptHandle });
    }
  }
}
