import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification';
import { Construct } from 'constructs';
import {
  notificationFilters,
  OBJECT_CREATED,
  objectCreatedPattern,
} from '../../../contract/notification';
import { EnvironmentScope } from '../../iam/environment-scope';
import { switchOnCommand } from '../commands';
import type { JobQueue } from '../job-queue';

/** The new objects of a bucket that go to one pipeline. */
export interface NotificationRoute {
  readonly pipeline: string;
  readonly sourcePrefix: string;
  /** Empty: every key below the prefix. */
  readonly suffixes: readonly string[];
  readonly queue: JobQueue;
  /** Whether the objects also wake it, by EventBridge. Default: false. */
  readonly wakes?: boolean;
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
      ...(routes.some(({ wakes }) => wakes) && { eventbridge: true }),
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

export interface ExistingBucketEventsProps extends NotificationRoute {
  readonly bucketName: string;
}

/**
 * Feeds a queue from a bucket of another owner, by EventBridge. The owner switches EventBridge on
 * for the bucket.
 */
export class ExistingBucketEvents extends Construct {
  /** Switches EventBridge on for the bucket; see {@link switchOnCommand}. */
  readonly switchOnCommand: string;

  constructor(scope: Construct, id: string, props: ExistingBucketEventsProps) {
    super(scope, id);
    const { environment } = EnvironmentScope.of(this);
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: `${EnvironmentScope.of(this).pipelinePrefix(props.pipeline)}-objects`,
      description: `New objects of ${props.bucketName} to the queue of ${props.pipeline}`,
      eventPattern: objectCreatedPattern(props),
    });
    new CloudwatchEventTarget(this, 'target', { rule: rule.name, arn: props.queue.queueArn });
    props.queue.acceptFromRule(rule.arn);
    this.switchOnCommand = switchOnCommand(props.bucketName, environment.region);
  }
}
