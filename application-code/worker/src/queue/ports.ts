/** What the worker needs of a queue. `aws/` implements it on SQS, tests in memory. */

export interface Message {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** ApproximateReceiveCount: 1 on the first delivery. */
  readonly receiveCount: number;
  /** When the job was first sent, by whatever message, in milliseconds since the epoch. */
  readonly sentAt: number;
  /** Times that the job was interrupted without a fault of its own. */
  readonly interruptions: number;
}

export interface BatchFailure {
  readonly receiptHandle: string;
  /** Code of the service, such as `ReceiptHandleIsInvalid` or `InternalError`. */
  readonly code: string;
  /**
   * True when the service says that the request itself was wrong, so that repeating it cannot help.
   */
  readonly senderFault: boolean;
}

export interface VisibilityChange {
  readonly receiptHandle: string;
  /** 0 makes the message visible at once. Range 0 to 43,200 seconds. */
  readonly visibilityTimeoutSeconds: number;
}

/**
 * A job that is sent again as a new message, since the receives of the old one were not its fault.
 */
export interface JobToResend {
  /** Of the old message. */
  readonly receiptHandle: string;
  readonly body: string;
  /** When the job was first sent, in milliseconds since the epoch. */
  readonly sentAt: number;
  /** Times that the job was interrupted, the last one included. */
  readonly interruptions: number;
  /** Until the new message is visible. Range 0 to 900 seconds. */
  readonly delaySeconds: number;
}

export interface DeadLetter {
  readonly body: string;
  /** Attribute name to value; a value is never empty. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface WorkQueue {
  /**
   * One long poll for at most `maxMessages` (1 to 10) messages, waiting up to `waitSeconds` (0 to
   * 20).
   */
  receive(maxMessages: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]>;
  /** Deletes 1 to 10 messages. Returns those that were not deleted. */
  acknowledge(receiptHandles: readonly string[]): Promise<BatchFailure[]>;
  /** Changes the visibility of 1 to 10 messages. Returns those that were not changed. */
  changeVisibility(changes: readonly VisibilityChange[]): Promise<BatchFailure[]>;
  /** Sends 1 to 10 jobs again; the old messages stay. Returns those that were not sent. */
  resend(jobs: readonly JobToResend[]): Promise<BatchFailure[]>;
}

export interface DeadLetterQueue {
  send(letter: DeadLetter): Promise<void>;
}
