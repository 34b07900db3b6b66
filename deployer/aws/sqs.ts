import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { CanaryQueues, DeadLetter } from '../ports';

/**
 * Most messages of one call:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const BATCH = 10;
/** Long enough to see every message once, short enough not to keep another deployer's from it. */
const HIDDEN_SECONDS = 5;
/** Bounds the reading of a queue into which another deployer writes meanwhile. */
const MOST_RECEIVES = 50;

export function createCanaryQueues(client: SQSClient): CanaryQueues {
  return {
    async send(QueueUrl, bodies) {
      for (let start = 0; start < bodies.length; start += BATCH) {
        await sendBatch(client, QueueUrl, bodies.slice(start, start + BATCH));
      }
    },
    async deadLetters(QueueUrl) {
      const found: DeadLetter[] = [];
      for (let receive = 0; receive < MOST_RECEIVES; receive += 1) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: BATCH,
            WaitTimeSeconds: 1,
            VisibilityTimeout: HIDDEN_SECONDS,
            MessageAttributeNames: ['FaultCode', 'FaultMessage'],
          }),
        );
        if (Messages.length === 0) break;
        found.push(...Messages.map(toDeadLetter));
      }
      return found;
    },
    async remove(QueueUrl, ReceiptHandle) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
  };
}

async function sendBatch(
  client: SQSClient,
  QueueUrl: string,
  bodies: readonly string[],
): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  if (Failed.length === 0) return;
  const reasons = Failed.map(({ Code = '', Message: text = '' }) => `${Code} ${text}`.trim());
  throw new Error(
    `${QueueUrl} did not take ${Failed.length} of ${bodies.length} messages: ${reasons.join('; ')}`,
  );
}

function toDeadLetter({
  ReceiptHandle = '',
  Body = '',
  MessageAttributes = {},
}: Message): DeadLetter {
  const faultCode = MessageAttributes.FaultCode?.StringValue;
  const faultMessage = MessageAttributes.FaultMessage?.StringValue;
  return {
    receiptHandle: ReceiptHandle,
    body: Body,
    ...(faultCode && { faultCode }),
    ...(faultMessage && { faultMessage }),
  };
}
