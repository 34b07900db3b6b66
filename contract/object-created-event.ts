/** An object that an event reports. */
export interface NewObject {
  readonly key: string;
  /** Size, 0 or more. */
  readonly bytes: number;
  /** As S3 returns it, without quotes; absent where it is not known. */
  readonly etag?: string;
}

/** Where an event says that it comes from. */
export interface EventOrigin {
  readonly bucket: string;
  /** Absent where it is not known. */
  readonly region?: string;
  /** Id of the notification in the bucket's configuration. */
  readonly configurationId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The body of the message that S3 sends of new objects.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function objectCreatedEvent(objects: readonly NewObject[], origin: EventOrigin): string {
  const { bucket, region, configurationId, now } = origin;
  const records = objects.map(({ key, bytes, etag }) => ({
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    ...(region !== undefined && { awsRegion: region }),
    eventTime: new Date(now).toISOString(),
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: { key: encodedKey(key), size: bytes, ...(etag !== undefined && { eTag: etag }) },
    },
  }));
  return JSON.stringify({ Records: records });
}

/**
 * A key as S3 writes it into a notification: a value of an HTML form (a space becomes `+`, all but
 * `* - . _` and ASCII letters and digits is percent-encoded as UTF-8), but slashes stay.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function encodedKey(key: string): string {
  return new URLSearchParams([['', key]]).toString().slice(1).replaceAll('%2F', '/');
}
