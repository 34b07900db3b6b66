const DAY_SECONDS = 86_400;
/**
 * A moved message keeps its first timestamp, so that the dead-letter queue must keep messages
 * longer than the work queue.
 */
const EXTRA_DEAD_LETTER_DAYS = 4;
/** The worker gives up at `maxAttempts`; the queue's own limit is a backstop behind it. */
const BACKSTOP_RECEIVES = 2;

export interface QueueSettings {
  readonly retentionDays: number;
  readonly visibilityTimeoutSeconds: number;
  readonly maxAttempts: number;
}

/** Numbers of a pipeline's two queues, in the units of SQS. */
export function queueNumbers({
  retentionDays,
  visibilityTimeoutSeconds,
  maxAttempts,
}: QueueSettings) {
  return {
    visibilityTimeoutSeconds,
    workRetentionSeconds: retentionDays * DAY_SECONDS,
    deadLetterRetentionSeconds: (retentionDays + EXTRA_DEAD_LETTER_DAYS) * DAY_SECONDS,
    maxReceiveCount: maxAttempts + BACKSTOP_RECEIVES,
  };
}

/** An AWS service that passes events on to a queue, and on whose behalf. */
export interface Sender {
  readonly service: 's3.amazonaws.com' | 'events.amazonaws.com';
  /** The bucket or rule. */
  readonly sourceArn: string;
}

/**
 * Statements that let senders of one account send to a queue. A bucket's ARN holds no account, and
 * a deleted bucket's name is free for others.
 */
export function letSend(queueArn: string, senders: readonly Sender[], accountId: string) {
  return senders.map(({ service, sourceArn }, index) => ({
    Sid: `Sender${index + 1}`,
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: {
      ArnEquals: { 'aws:SourceArn': sourceArn },
      StringEquals: { 'aws:SourceAccount': accountId },
    },
  }));
}
