/** Single and multipart uploads, and copies. */
export const OBJECT_CREATED = 's3:ObjectCreated:*';

export interface NotificationFilter {
  readonly id: string;
  readonly prefix: string;
  /** Absent: every key below the prefix. */
  readonly suffix?: string;
}

/** The filters of one pipeline's notifications: one, or one for each suffix, since S3 takes a single suffix a filter. */
export function notificationFilters(
  pipeline: string,
  { sourcePrefix, suffixes }: { readonly sourcePrefix: string; readonly suffixes: readonly string[] },
): readonly NotificationFilter[] {
  const prefix = sourcePrefix;
  if (suffixes.length === 0) return [{ id: pipeline, prefix }];
  return suffixes.map((suffix, index) => ({ id: `${pipeline}-${index + 1}`, prefix, suffix }));
}
