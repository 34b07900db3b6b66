import type { FakeBucket } from '../../test/fakes/bucket';

export const SOURCE_BUCKET = 'bench-source';
export const DESTINATION_BUCKET = 'bench-destination';
export const SOURCE_PREFIX = 'ecsproc/';
export const DESTINATION_PREFIX = 'processed/';
export const QUEUE_PATH = '/123456789012/bench';
export const VISIBILITY_TIMEOUT_SECONDS = 120;

/** S3's event of each object. `paths` are those of the objects, such as `/bucket/key`. */
export function notificationsOf(paths: readonly string[], objects: FakeBucket): string[] {
  return paths.map((path) => {
    const { bytes = 0, eTag = '' } = objects.get(path) ?? {};
    return notification(path.slice(SOURCE_BUCKET.length + 2), bytes, eTag);
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function notification(key: string, size: number, eTag: string): string {
  const bucket = {
    name: SOURCE_BUCKET,
    ownerIdentity: { principalId: 'A3NL1KOZZKExample' },
    arn: `arn:aws:s3:::${SOURCE_BUCKET}`,
  };
  const object = { key, size, eTag: eTag.replaceAll('"', ''), sequencer: '0055AED6DCD90281E5' };
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: '2026-01-01T00:00:00.000Z',
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'AWS:AIDAINPONIXQXHT3IKHL2' },
        requestParameters: { sourceIPAddress: '192.0.2.1' },
        responseElements: {
          'x-amz-request-id': 'D82B88E5F771F645',
          'x-amz-id-2': 'vlR7PnpV2Ce81l0P',
        },
        s3: { s3SchemaVersion: '1.0', configurationId: 'work', bucket, object },
      },
    ],
  });
}
