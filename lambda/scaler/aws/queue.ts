import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { WorkQueue } from '../ports';

const ATTRIBUTES = {
  backlog: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const;

/**
 * The work queue's depth, from SQS; its counts are approximate, and the next run corrects what they
 * miss.
 */
export function createQueue(client: SQSClient, queueUrl: string): WorkQueue {
  return {
    async depth() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: queueUrl,
          AttributeNames: Object.values(ATTRIBUTES),
        }),
      );
      const count = (name: (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES]): number => {
        const value = Number(Attributes[name] ?? Number.NaN);
        if (Number.isInteger(value)) return value;
        throw new Error(
          `SQS must give a whole number for ${name} of ${queueUrl}, but gave ${Attributes[name]}`,
        );
      };
      return {
        backlog: count(ATTRIBUTES.backlog),
        inFlight: count(ATTRIBUTES.inFlight),
        delayed: count(ATTRIBUTES.delayed),
      };
    },
  };
}
