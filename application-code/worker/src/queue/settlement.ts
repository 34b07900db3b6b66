import type { Clock } from '../clock';
import type { Log } from '../log';
import { Batcher, type BatchResult } from './batcher';
import { deadLetter, type FailedJob } from './dead-letter';
import type { DeadLetterQueue, JobToResend, Message, VisibilityChange, WorkQueue } from './ports';

export interface SettlementOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Receive count from which a blameless job is sent again as a new message. */
  readonly resendFrom: number;
  /** Whether other jobs are in hand, whose messages will soon be acknowledged too. */
  readonly hasJobs: () => boolean;
  /** Called for a message that another worker held when it was to be settled. */
  readonly onLostReceipt: () => void;
}

/** How a job returns to the queue. */
export interface Release {
  /** Until its message is visible again. */
  readonly delaySeconds: number;
  /** Whether the receive was not the job's fault and must not count against it. Default false. */
  readonly isBlameless?: boolean;
  /**
   * Whether the receive ended in an interruption, which counts by itself. A receive count does not
   * tell why it has grown, so the job is always sent again. Default false.
   */
  readonly isInterrupted?: boolean;
  /** Whether it has begun to write. Default false. */
  readonly hasWritten?: boolean;
}

/**
 * Receive count, of `maxAttempts`, from which a blameless job is sent again as a new message: half
 * of the attempts stay for its own faults.
 */
export function resendFrom(maxAttempts: number): number {
  return Math.ceil(maxAttempts / 2);
}

/**
 * Nothing waits for an acknowledgement, so it waits for nine others: up to a second while jobs are
 * in hand. The least visibility timeout, of which at least two thirds are left, is five seconds.
 */
const ACKNOWLEDGE_LINGER_MILLISECONDS = 100;
const VISIBILITY_LINGER_MILLISECONDS = 5;

/**
 * How a message leaves the worker: acknowledged, released, or dead-lettered. None of the three
 * rejects for a batch failure: a message that could not be settled becomes visible again, and its
 * job is done again.
 */
export class Settlement {
  private readonly acknowledgements: Batcher<{ readonly receiptHandle: string }>;
  private readonly visibility: Batcher<VisibilityChange>;
  private readonly resends: Batcher<JobToResend>;
  private readonly releases = new Set<Promise<void>>();

  constructor(
    queue: Pick<WorkQueue, 'acknowledge' | 'changeVisibility' | 'resend'>,
    private readonly deadLetters: DeadLetterQueue,
    private readonly options: SettlementOptions,
  ) {
    const { clock, random, hasJobs } = options;
    this.acknowledgements = new Batcher(
      (entries) => queue.acknowledge(entries.map(({ receiptHandle }) => receiptHandle)),
      { lingerMilliseconds: ACKNOWLEDGE_LINGER_MILLISECONDS, expectsMore: hasJobs, clock, random },
    );
    this.visibility = new Batcher((changes) => queue.changeVisibility(changes), {
      lingerMilliseconds: VISIBILITY_LINGER_MILLISECONDS,
      clock,
      random,
    });
    this.resends = new Batcher((jobs) => queue.resend(jobs), {
      lingerMilliseconds: VISIBILITY_LINGER_MILLISECONDS,
      clock,
      random,
    });
  }

  /** Deletes the message: its job needs nothing more. */
  async acknowledge(message: Message): Promise<void> {
    this.report('acknowledge', message, await this.acknowledgements.add(message));
  }

  /**
   * Returns the job to the queue. SQS cannot lower a receive count, so a blameless job that has
   * been received often is sent again as a new message, and its old one acknowledged then: a crash
   * in between makes a duplicate, never a loss. So is a job that was interrupted: the new message
   * has the number of its interruptions. A job that has written must be done again, since
   * what it wrote may be out of date: if another worker holds its message, it is sent again too.
   */
  release(message: Message, how: Release): Promise<void> {
    const releasing = this.returnJob(message, how).finally(() => this.releases.delete(releasing));
    this.releases.add(releasing);
    return releasing;
  }

  /**
   * Sends the dead letter. Only when the queue has it may the message be acknowledged.
   * @throws whatever the dead-letter queue throws; the message is then still held.
   */
  async deadLetter(job: FailedJob): Promise<void> {
    await this.deadLetters.send(deadLetter(job));
  }

  /** Sends the acknowledgements that wait, since no other will come soon. */
  sendAcknowledgements(): void {
    this.acknowledgements.send();
  }

  /** Hides a message for longer, for the heartbeat, which reads the result itself. */
  extend(change: VisibilityChange): Promise<BatchResult> {
    return this.visibility.add(change);
  }

  /** Resolves when every request has been answered or given up. */
  async flush(): Promise<void> {
    await this.resends.flush();
    await Promise.all(this.releases);
    await Promise.all([this.acknowledgements.flush(), this.visibility.flush()]);
  }

  private async returnJob(
    message: Message,
    { delaySeconds, isBlameless = false, isInterrupted = false, hasWritten = false }: Release,
  ): Promise<void> {
    const isSpared = isBlameless && message.receiveCount >= this.options.resendFrom;
    const mayReturn = !isInterrupted && !isSpared;
    const isOurs = mayReturn && (await this.show(message, delaySeconds));
    if (isOurs || (mayReturn && !hasWritten)) return;
    const interruptions = message.interruptions + (isInterrupted ? 1 : 0);
    await this.resend({ ...message, interruptions }, delaySeconds);
  }

  /** Makes the message visible after the delay. Returns false if another worker holds it now. */
  private async show(message: Message, delaySeconds: number): Promise<boolean> {
    const change = { receiptHandle: message.receiptHandle, visibilityTimeoutSeconds: delaySeconds };
    const failure = await this.visibility.add(change);
    this.report('release', message, failure);
    return !failure?.senderFault;
  }

  private async resend(message: Message, delaySeconds: number): Promise<void> {
    const { messageId, receiveCount: _count, ...job } = message;
    const failure = await this.resends.add({ ...job, delaySeconds });
    if (!failure) return this.acknowledge(message);
    const event = 'settlement-failed';
    this.options.log('warn', { event, verb: 'resend', messageId, code: failure.code });
    await this.show(message, delaySeconds);
  }

  private report(verb: string, { messageId }: Message, failure: BatchResult): void {
    if (failure === undefined) return;
    const { code, senderFault } = failure;
    if (senderFault) this.options.onLostReceipt();
    const event = senderFault ? 'receipt-lost' : 'settlement-failed';
    this.options.log('warn', { event, verb, messageId, code });
  }
}
