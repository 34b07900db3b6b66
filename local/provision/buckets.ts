import { CreateBucketCommand, PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import type { Clients } from '../aws/clients';
import type { Names } from './names';
import { SOURCE_PREFIX } from './variables';

export async function makeBuckets({ s3 }: Clients, names: Names): Promise<void> {
  await Promise.all(
    [names.sourceBucket, names.destinationBucket].map((Bucket) =>
      s3.send(new CreateBucketCommand({ Bucket })),
    ),
  );
}

/** Every new source object becomes a message: single and multipart uploads, and copies. */
export async function notify({ s3 }: Clients, names: Names, queueArn: string): Promise<void> {
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: names.sourceBucket,
      NotificationConfiguration: {
        QueueConfigurations: [
          {
            Id: 'source-objects',
            QueueArn: queueArn,
            Events: ['s3:ObjectCreated:*'],
            Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: SOURCE_PREFIX }] } },
          },
        ],
      },
    }),
  );
}
