import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { letSend, queueNumbers } from '../../contract/queues';
import type { Clients } from '../aws/clients';
import type { LocalSettings, Names } from './settings';

export interface QueueUrls {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The account of the emulator. */
  readonly accountId: string;
}

export async function makeQueues(
  clients: Clients,
  names: Names,
  settings: LocalSettings,
): Promise<QueueUrls & { readonly queueArn: string }> {
  const numbers = queueNumbers(settings);
  const deadLetterQueueUrl = await createQueue(clients, names.deadLetterQueue, {
    MessageRetentionPeriod: String(numbers.deadLetterRetentionSeconds),
  });
  const deadLetterQueueArn = await arnOf(clients, deadLetterQueueUrl);
  const queueArn = deadLetterQueueArn.replace(names.deadLetterQueue, names.queue);
  const accountId = deadLetterQueueArn.split(':')[4] ?? '';
  const sender = {
    service: 's3.amazonaws.com',
    sourceArn: `arn:aws:s3:::${names.sourceBucket}`,
  } as const;
  const queueUrl = await createQueue(clients, names.queue, {
    MessageRetentionPeriod: String(numbers.workRetentionSeconds),
    VisibilityTimeout: String(numbers.visibilityTimeoutSeconds),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: deadLetterQueueArn,
      maxReceiveCount: numbers.maxReceiveCount,
    }),
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: letSend(queueArn, [sender], accountId),
    }),
  });
  return { queueUrl, queueArn, deadLetterQueueUrl, accountId };
}

/** The emulator may name itself by another host, but all clients here use the given endpoint. */
function onEndpoint(queueUrl: string, endpoint: string): string {
  return `${endpoint}${new URL(queueUrl).pathname}`;
}

/** @returns its URL. */
export async function createQueue(
  { sqs, endpoint }: Clients,
  name: string,
  Attributes: Record<string, string>,
): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  return onEndpoint(required(QueueUrl, `URL of queue ${name}`), endpoint);
}

export async function arnOf({ sqs }: Clients, QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return required(Attributes?.QueueArn, `ARN of queue ${QueueUrl}`);
}

/** @throws Error when an emulator omits what AWS always returns. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The emulator did not return the ${what}.`);
  return value;
}
