import type { Bucket } from './ports';

/** An object that the event speaks of. */
export interface NewObject {
  readonly key: string;
  readonly bytes: number;
}

/** The message that S3 would send of a new object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function objectCreated(bucket: Bucket, { key, bytes }: NewObject, now: number): string {
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    eventTime: new Date(now).toISOString(),
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'spillway-canary',
      bucket: { name: bucket.name, arn: `arn:aws:s3:::${bucket.name}` },
      object: { key: formEncoded(key), size: bytes },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** S3 percent-encodes keys, but for slashes, and says a space by a plus sign. */
function formEncoded(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}
