/** An S3 event notification for objects of the bucket `photos`, encoded as S3 does it. */
export function s3Event(...keys: readonly string[]): string {
  return JSON.stringify({ Records: keys.map((key) => s3Record(key)) });
}

export function s3Record(key: string, fields: Record<string, unknown> = {}, bucket = 'photos', size = 1000) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: bucket }, object: { key: formEncoded(key), size } },
    ...fields,
  };
}

/** What S3 does with keys in notifications: percent-encoding, but a space becomes a plus sign. */
export function formEncoded(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
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
