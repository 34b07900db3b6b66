import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { WorkQueue } from '../ports';

/** The work queue's depth, from SQS; its counts are approximate, and the next run corrects what they miss. */
export function createQueue(client: SQSClient, queueUrl: string): WorkQueue {
  return {
    async depth() {
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
    },
  };
}
