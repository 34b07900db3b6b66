import { CreateBucketCommand, PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { notificationFilters, OBJECT_CREATED } from '../../contract/notification';
import type { Clients } from '../aws/clients';
import type { LocalSettings, Names } from './settings';

export async function makeBuckets({ s3 }: Clients, names: Names): Promise<void> {
  await Promise.all(
    [names.sourceBucket, names.destinationBucket].map((Bucket) =>
      s3.send(new CreateBucketCommand({ Bucket })),
    ),
  );
}

/** Every new source object becomes a message. */
export async function notify(
  { s3 }: Clients,
  names: Names,
  queueArn: string,
  settings: LocalSettings,
): Promise<void> {
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: names.sourceBucket,
      NotificationConfiguration: {
        ...(settings.wake === 'event' && { EventBridgeConfiguration: {} }),
        QueueConfigurations: notificationFilters(names.pipeline, settings).map(
          ({ id, prefix, suffix }) => ({
            Id: id,
            QueueArn: queueArn,
            Events: [OBJECT_CREATED],
            Filter: {
              Key: {
                FilterRules: [
                  { Name: 'prefix' as const, Value: prefix },
                  ...(suffix ? [{ Name: 'suffix' as const, Value: suffix }] : []),
                ],
              },
            },
          }),
        ),
      },
    }),
  );
}
