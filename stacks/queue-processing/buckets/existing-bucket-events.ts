import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import { objectCreatedPattern } from '../../../contract/notification';
import { EnvironmentScope } from '../../iam/environment-scope';
import { switchOnCommand } from '../commands';
import type { NotificationRoute } from './bucket-notification';

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
