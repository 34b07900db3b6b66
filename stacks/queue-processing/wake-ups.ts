import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Construct } from 'constructs';
import { type ObjectsOfBucket, objectCreatedPattern } from '../../contract/notification';
import { letSend } from '../../contract/queues';
import { SCHEDULE_RETRY } from '../../contract/schedule';
import { WAKE_UP } from '../../contract/wake-up';
import type { EncryptionKey } from '../iam/encryption-key';
import { EnvironmentScope, resourcesBelow } from '../iam/environment-scope';
import { denyWithoutTls } from '../iam/grantee';
import type { ScalerFunction } from './scaler';

export interface WakeUpsProps {
  readonly pipeline: string;
  /** The uploads that wake the pipeline: those that are its jobs. */
  readonly objects: ObjectsOfBucket;
  readonly scaler: ScalerFunction;
  readonly key: EncryptionKey | undefined;
  /** The needs of a run: the function with its permissions, and its parameters. */
  readonly dependsOn: readonly Construct[];
}

/** Runs a scaler when objects are uploaded; see `contract/wake-up.ts`. */
export class WakeUps extends Construct {
  readonly queueName: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: WakeUpsProps,
  ) {
    super(scope, id);
    const { wakeQueue, wakeRule } = EnvironmentScope.of(this).pipelineNames(props.pipeline);
    this.queueName = wakeQueue;
    const queue = this.createQueue();
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: wakeRule,
      description: `New objects wake ${props.pipeline}`,
      eventPattern: objectCreatedPattern(props.objects),
    });
    this.acceptFromRule(queue, rule.arn);
    this.createTarget(queue, rule);
    props.scaler.grantWakeUps(queue.arn);
    this.createMapping(queue);
  }

  private createQueue(): SqsQueue {
    const { key } = this.props;
    return new SqsQueue(this, 'queue', {
      name: this.queueName,
      fifoQueue: true,
      contentBasedDeduplication: true,
      messageRetentionSeconds: WAKE_UP.retentionSeconds,
      visibilityTimeoutSeconds: WAKE_UP.visibilityTimeoutSeconds,
      ...(key ? { kmsMasterKeyId: key.arn } : { sqsManagedSseEnabled: true }),
    });
  }

  private acceptFromRule({ url, arn }: SqsQueue, ruleArn: string): void {
    const { accountId } = EnvironmentScope.of(this);
    const sender = { service: 'events.amazonaws.com', sourceArn: ruleArn } as const;
    const Statement = [denyWithoutTls('sqs:*', [arn]), ...letSend(arn, [sender], accountId)];
    new SqsQueuePolicy(this, 'policy', {
      queueUrl: url,
      policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
  }

  private createTarget({ arn }: SqsQueue, rule: CloudwatchEventRule): void {
    const { inputPaths, inputTemplate, messageGroupId } = WAKE_UP;
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      arn,
      inputTransformer: { inputPaths, inputTemplate },
      sqsTarget: { messageGroupId },
      // A flood exceeds what a FIFO queue takes, and one event of a second is enough.
      retryPolicy: SCHEDULE_RETRY,
    });
  }

  private createMapping({ arn }: SqsQueue): void {
    const { scaler, dependsOn } = this.props;
    new LambdaEventSourceMapping(this, 'mapping', {
      // Lambda refuses the mapping of a function that may not receive.
      dependsOn: resourcesBelow(...dependsOn),
      eventSourceArn: arn,
      functionName: scaler.functionName,
      batchSize: WAKE_UP.batchSize,
      functionResponseTypes: [...WAKE_UP.functionResponseTypes],
    });
  }
}
