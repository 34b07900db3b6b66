import { objectCreatedEvent } from '../../../contract/object-created-event';

/** An S3 event notification for objects of the bucket `photos`, encoded as S3 does it. */
export function s3Event(...keys: readonly string[]): string {
  return JSON.stringify({ Records: keys.map((key) => s3Record(key)) });
}

/** One record of such an event; `fields` replace its own. */
export function s3Record(
  key: string,
  fields: Record<string, unknown> = {},
  bucket = 'photos',
  bytes = 1000,
) {
  const origin = { bucket, configurationId: 'photos', now: 0 };
  const { Records } = JSON.parse(objectCreatedEvent([{ key, bytes }], origin));
  return { ...Records[0], ...fields };
}

export function eventBridgeEvent(
  key: string,
  fields: Record<string, unknown> = {},
  bucket = 'photos',
): string {
  return JSON.stringify({
    version: '0',
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { version: '0', bucket: { name: bucket }, object: { key, size: 1000 } },
    ...fields,
  });
}

export function throughSns(event: string): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: 'n1',
    TopicArn: 'arn:aws:sns:eu-west-1:1:t',
    Message: event,
  });
}
