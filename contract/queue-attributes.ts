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
