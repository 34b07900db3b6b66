import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { Construct } from 'constructs';
import { notificationFilters, OBJECT_CREATED } from '../../../contract/notification';
import type { JobQueue } from '../job-queue';

/** The new objects of a bucket that go to one pipeline. */
export interface NotificationRoute {
  readonly pipeline: string;
  readonly sourcePrefix: string;
  /** Empty: every key below the prefix. */
  readonly suffixes: readonly string[];
  readonly queue: JobQueue;
}

export interface BucketNotificationProps {
  /**
   * Name of an own bucket, never of an existing one: the resource replaces all notifications of its
   * bucket.
   */
  readonly bucket: string;
  readonly bucketArn: string;
  readonly routes: readonly NotificationRoute[];
}

/**
 * All notifications of one own bucket, for all its pipelines: a bucket can have only one such
 * resource.
 */
export class BucketNotification extends Construct {
  constructor(scope: Construct, id: string, props: BucketNotificationProps) {
    super(scope, id);
    const { bucket, bucketArn, routes } = props;
    for (const { queue } of routes) queue.acceptFromBucket(bucketArn);
    new S3BucketNotification(this, 'notification', {
      bucket,
      queue: routes.flatMap(queueFilters),
      dependsOn: routes.map(({ queue }) => queue.policy),
    });
  }
}

function queueFilters({ pipeline, queue, ...settings }: NotificationRoute) {
  return notificationFilters(pipeline, settings).map(({ id, prefix, suffix }) => ({
    id,
    queueArn: queue.queueArn,
    events: [OBJECT_CREATED],
    filterPrefix: prefix,
    ...(suffix !== undefined && { filterSuffix: suffix }),
  }));
}
