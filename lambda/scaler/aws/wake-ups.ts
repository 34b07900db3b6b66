import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { WakeUps } from '../ports';

/**
 * The queue of wake-ups, which is beside the work queue: a record has its name, and not its URL.
 * While a message is hidden, SQS returns none of its group:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export function createWakeUps(client: SQSClient, workQueueUrl: string): WakeUps {
  return {
    async hide({ eventSourceARN, receiptHandle }, seconds) {
      const name = eventSourceARN.slice(eventSourceARN.lastIndexOf(':') + 1);
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: new URL(name, workQueueUrl).href,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
  };
}
