import type { Fleet, WakeUps } from './ports';
import type { ScheduledEvent } from './scheduled-minute';

/**
 * Seconds after a wake-up in which no other comes, so that the uploads of this time share one run.
 * Their messages, one a second, and the one that is kept must fit into a batch of ten, or more and
 * more would be left behind.
 */
export const QUIET_SECONDS = 8;

/**
 * A message of the queue of wake-ups, which stands for the uploads of a second:
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export interface UploadRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly eventSourceARN: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

/** What Lambda's event source mapping sends. */
export interface UploadEvent {
  readonly Records: readonly UploadRecord[];
}

/** Whether uploads ask for the run: only their queue sends records. */
export function isWakeUp(
  event: ScheduledEvent | UploadEvent | null | undefined,
): event is UploadEvent {
  return !!event && 'Records' in event;
}

/** The latest upload that no run has seen; absent where all came back from a quiet time. */
export function newestUpload({ Records }: UploadEvent): UploadRecord | undefined {
  return Records.findLast(({ attributes }) => attributes.ApproximateReceiveCount === '1');
}

/** The answer to a wake-up: Lambda deletes all its messages but these. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Keeps one message, and so the whole group:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function keeping(upload: UploadRecord | undefined): BatchResponse {
  return { batchItemFailures: upload ? [{ itemIdentifier: upload.messageId }] : [] };
}

/** What a wake-up does, by whether the pipeline has a task. */
export interface WakeUpActions {
  readonly ifActive: () => unknown;
  readonly ifIdle: () => Promise<unknown>;
}

/**
 * Looks for a task, acts, and keeps the newest upload hidden, so that the next wake-up comes
 * {@link QUIET_SECONDS} later, with all that was uploaded meanwhile. One that comes back from there
 * begins no other quiet time.
 */
export async function answerUploads(
  event: UploadEvent,
  { fleet, wakeUps }: { readonly fleet: Fleet; readonly wakeUps: WakeUps },
  { ifActive, ifIdle }: WakeUpActions,
): Promise<BatchResponse> {
  await ((await fleet.isActive()) ? ifActive() : ifIdle());
  const newest = newestUpload(event);
  if (newest) await wakeUps.hide(newest, QUIET_SECONDS);
  return keeping(newest);
}
