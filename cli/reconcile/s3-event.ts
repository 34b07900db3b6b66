import type { ListedObject } from '../ports';

/** Tells in a message's body where it came from. */
export const CONFIGURATION_ID = 'spillway-reconcile';

/**
 * The event notification that S3 would have sent of an object. Keys are encoded as S3 encodes them: as a form, with plus signs.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function s3Event(object: ListedObject, bucket: string, region: string, now: number): string {
  const { key, bytes, etag } = object;
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: new Date(now).toISOString(),
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: CONFIGURATION_ID,
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: { key: encodeURIComponent(key).replaceAll('%20', '+'), size: bytes, eTag: etag },
        },
      },
    ],
  });
}
