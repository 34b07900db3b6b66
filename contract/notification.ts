/** Single and multipart uploads, and copies. */
export const OBJECT_CREATED = 's3:ObjectCreated:*';

export interface NotificationFilter {
  readonly id: string;
  readonly prefix: string;
  /** Absent: every key below the prefix. */
  readonly suffix?: string;
}

/**
 * The filters of one pipeline's notifications: one, or one for each suffix, since S3 takes a single
 * suffix a filter.
 */
export function notificationFilters(
  pipeline: string,
  {
    sourcePrefix,
    suffixes,
  }: { readonly sourcePrefix: string; readonly suffixes: readonly string[] },
): readonly NotificationFilter[] {
  const prefix = sourcePrefix;
  if (suffixes.length === 0) return [{ id: pipeline, prefix }];
  return suffixes.map((suffix, index) => ({ id: `${pipeline}-${index + 1}`, prefix, suffix }));
}

export interface ObjectsOfBucket {
  readonly bucketName: string;
  readonly sourcePrefix: string;
  /** Empty: every key below the prefix. */
  readonly suffixes: readonly string[];
}

/**
 * The pattern of an EventBridge rule for new objects, as text.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function objectCreatedPattern({
  bucketName,
  sourcePrefix,
  suffixes,
}: ObjectsOfBucket): string {
  const keys = keyFilters(sourcePrefix, suffixes);
  return JSON.stringify({
    source: ['aws.s3'],
    'detail-type': ['Object Created'],
    detail: {
      bucket: { name: [bucketName] },
      ...(keys.length > 0 && { object: { key: keys } }),
    },
  });
}

function keyFilters(prefix: string, suffixes: readonly string[]) {
  if (suffixes.length > 0)
    return suffixes.map((suffix) => ({ wildcard: `${literal(prefix)}*${literal(suffix)}` }));
  return prefix === '' ? [] : [{ prefix }];
}

/** Whether S3 raises an event for a key: it ends in one of the suffixes, if there is any. */
export function isAnnounced(key: string, suffixes: readonly string[]): boolean {
  return suffixes.length === 0 || suffixes.some((suffix) => key.endsWith(suffix));
}

/** In a wildcard pattern of EventBridge `*` and `\` have a meaning. */
function literal(text: string): string {
  return text.replace(/[*\\]/g, '\\$&');
}
