import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { SqsQueueRedriveAllowPolicy } from '@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy';
import { type ITerraformDependable, Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { letSend, type queueNumbers, type Sender } from '../../contract/queues';
import type { EncryptionKey } from '../iam/encryption-key';
import { EnvironmentScope } from '../iam/environment-scope';
import { denyWithoutTls, type Grantee } from '../iam/grantee';

/** Seconds that SQS reuses one data key; a longer time saves requests to KMS. */
const DATA_KEY_REUSE_SECONDS = 300;

export interface JobQueueProps {
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly numbers: ReturnType<typeof queueNumbers>;
  /** `undefined`: a key that SQS manages. */
  readonly key: EncryptionKey | undefined;
}

/** A pipeline's work queue and its dead-letter queue, for accepted senders, over TLS alone. */
export class JobQueue extends Construct {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly queueName: string;
  readonly deadLetterQueueUrl: string;
  readonly deadLetterQueueArn: string;
  readonly deadLetterQueueName: string;
  /** S3 validates a new notification by a test message, so notifications depend on this. */
  readonly policy: ITerraformDependable;
  private readonly senders: Sender[] = [];
  readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, props: JobQueueProps) {
    super(scope, id);
    const { numbers, queueName, deadLetterQueueName } = props;
    this.keyArn = props.key?.arn;
    const deadLetters = this.createQueue('dead-letters', deadLetterQueueName, {
      messageRetentionSeconds: numbers.deadLetterRetentionSeconds,
    });
    const work = this.createQueue('work', queueName, {
      messageRetentionSeconds: numbers.workRetentionSeconds,
      visibilityTimeoutSeconds: numbers.visibilityTimeoutSeconds,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: numbers.maxReceiveCount,
      }),
    });
    this.allowRedrive(deadLetters, work);
    this.createPolicy('dead-letters-policy', deadLetters, []);
    this.policy = this.createPolicy('work-policy', work, this.senders);
    this.queueUrl = work.url;
    this.queueArn = work.arn;
    this.queueName = queueName;
    this.deadLetterQueueUrl = deadLetters.url;
    this.deadLetterQueueArn = deadLetters.arn;
    this.deadLetterQueueName = deadLetterQueueName;
  }

  /** Accepts the events of S3 for a bucket of this account. */
  acceptFromBucket(bucketArn: string): void {
    this.senders.push({ service: 's3.amazonaws.com', sourceArn: bucketArn });
  }

  /** Accepts the events of an EventBridge rule of this account. */
  acceptFromRule(ruleArn: string): void {
    this.senders.push({ service: 'events.amazonaws.com', sourceArn: ruleArn });
  }

  /** Lets a role receive, hide, release, resend and acknowledge jobs. */
  grantConsume(role: Grantee): void {
    role.allow({
      sid: 'ConsumeJobs',
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:SendMessage',
      ],
      resources: [this.queueArn],
    });
    this.allowKey(role, 'EncryptJobs', ['kms:GenerateDataKey', 'kms:Decrypt']);
  }

  /** Lets a role send jobs that can never succeed to the dead-letter queue. */
  grantDeadLetter(role: Grantee): void {
    role.allow({
      sid: 'SendDeadLetters',
      actions: ['sqs:SendMessage'],
      resources: [this.deadLetterQueueArn],
    });
    this.allowKey(role, 'EncryptDeadLetters', ['kms:GenerateDataKey', 'kms:Decrypt']);
  }

  /** Lets a role count the work queue's messages. */
  grantCount(role: Grantee): void {
    role.allow({
      sid: 'CountJobs',
      actions: ['sqs:GetQueueAttributes'],
      resources: [this.queueArn],
    });
  }

  private allowKey(role: Grantee, sid: string, actions: readonly string[]): void {
    if (this.keyArn) role.allow({ sid, actions, resources: [this.keyArn] });
  }

  private createQueue(
    id: string,
    name: string,
    attributes: {
      messageRetentionSeconds: number;
      visibilityTimeoutSeconds?: number;
      redrivePolicy?: string;
    },
  ): SqsQueue {
    const encryption = this.keyArn
      ? { kmsMasterKeyId: this.keyArn, kmsDataKeyReusePeriodSeconds: DATA_KEY_REUSE_SECONDS }
      : { sqsManagedSseEnabled: true };
    return new SqsQueue(this, id, { name, ...attributes, ...encryption });
  }

  /**
   * A resource of its own: the work queue names the dead-letter queue, so the reverse would be a
   * circle.
   */
  private allowRedrive(deadLetters: SqsQueue, work: SqsQueue): void {
    new SqsQueueRedriveAllowPolicy(this, 'redrive-allow', {
      queueUrl: deadLetters.url,
      redriveAllowPolicy: JSON.stringify({
        redrivePermission: 'byQueue',
        sourceQueueArns: [work.arn],
      }),
    });
  }

  private createPolicy(id: string, { url, arn }: SqsQueue, senders: readonly Sender[]) {
    const { accountId } = EnvironmentScope.of(this);
    const statements = () => [denyWithoutTls('sqs:*', [arn]), ...letSend(arn, senders, accountId)];
    return new SqsQueuePolicy(this, id, {
      queueUrl: url,
      // Senders are added later.
      policy: Lazy.stringValue({
        produce: () => JSON.stringify({ Version: '2012-10-17', Statement: statements() }),
      }),
    });
  }
}
