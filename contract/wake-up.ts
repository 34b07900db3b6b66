import { SCALER_FUNCTION } from './schedule';

/**
 * How uploads reach the scaler for `wake: 'event'`: S3 → EventBridge → a FIFO queue → the function.
 *
 * The body of a message is the second of its upload, and the queue drops a body that it has seen
 * within five minutes. So however many objects arrive, each second becomes one message at most.
 * All messages are of one group, and Lambda runs a function once at a time for a group. After a
 * run the function keeps one message hidden for `QUIET_SECONDS` (`lambda/scaler/uploads.ts`), so
 * that the messages of that time come as one batch. A window of a standard queue bounds neither,
 * and may wait twenty seconds for a single upload.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const WAKE_UP = {
  /**
   * `time` of an event of S3 has seconds and no fractions of them:
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
   */
  inputPaths: { time: '$.time' },
  inputTemplate: '{"uploadedAt":<time>}',
  messageGroupId: 'wake-up',
  /**
   * The shortest that SQS takes. A wake-up that waits longer is lost: the schedule has run
   * meanwhile.
   */
  retentionSeconds: 60,
  /** At least as long as the function may run, or Lambda refuses the mapping. */
  visibilityTimeoutSeconds: SCALER_FUNCTION.timeoutSeconds,
  /** The most that Lambda takes from a FIFO queue at a time. */
  batchSize: 10,
  /**
   * The function keeps the newest message of a batch hidden: a quiet time, in which Lambda receives
   * none of the group. With this, it does not slow down its polls for what is kept.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
   */
  functionResponseTypes: ['ReportBatchItemFailures'],
} as const;
