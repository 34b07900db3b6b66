/** What the operator's commands need of SQS; `aws/` implements it, tests fake it. */

import type { QueueDepth } from '../../lambda/scaler/ports';

/** A message attribute; `text` for strings and numbers, `bytes` for binary ones. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, and what a sender put behind it. */
  readonly dataType: string;
  readonly text?: string;
  readonly bytes?: Uint8Array;
}

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

export interface QueueMessage extends OutgoingMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** SentTimestamp in milliseconds since the epoch. What SQS itself moved keeps its first one. */
  readonly sentAt: number;
}

/** One entry of a batch that the service did not take. */
export interface BatchFailure {
  /** Position in the batch. */
  readonly index: number;
  readonly code: string;
}

/** Another receive would put more messages in flight than the queue allows. */
export class TooManyInFlight extends Error {
  override readonly name = 'TooManyInFlight';
}

export interface Queue {
  depth(): Promise<QueueDepth>;
  /**
   * One long poll for at most `most` (1 to 10) messages, hidden from others for `hiddenSeconds`.
   * @throws TooManyInFlight
   */
  receive(most: number, hiddenSeconds: number): Promise<readonly QueueMessage[]>;
  /** Sends 1 to 10 messages, together at most 256 KiB unless it is one alone. */
  send(messages: readonly OutgoingMessage[]): Promise<readonly BatchFailure[]>;
  /** Deletes 1 to 10 messages. */
  remove(receiptHandles: readonly string[]): Promise<readonly BatchFailure[]>;
  /** Hides 1 to 10 messages that are hidden for `hiddenSeconds` from now on. */
  extend(
    receiptHandles: readonly string[],
    hiddenSeconds: number,
  ): Promise<readonly BatchFailure[]>;
  /** Makes 1 to 10 messages visible at once. */
  release(receiptHandles: readonly string[]): Promise<readonly BatchFailure[]>;
  /** Deletes every message, also those that are hidden now. */
  purge(): Promise<void>;
}

/** How a move that SQS makes by itself stands. */
export interface MoveState {
  /** SQS's own word: `RUNNING`, `COMPLETED`, `CANCELLING`, `CANCELLED` or `FAILED`. */
  readonly status: string;
  readonly moved: number;
  /** Absent where SQS does not know. */
  readonly toMove?: number;
  readonly failure?: string;
}

/** A move of all messages of one queue to another, made by SQS. */
export interface Move {
  state(): Promise<MoveState>;
  cancel(): Promise<void>;
}

export interface Queues {
  /** @throws Error that names the queue when it does not exist. */
  open(name: string): Promise<Queue>;
  /** @returns undefined where the endpoint has no such call. */
  moveAll(from: string, to: string, perSecond: number): Promise<Move | undefined>;
}
