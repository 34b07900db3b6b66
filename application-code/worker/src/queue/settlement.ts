import type { Clock } from '../clock';
import type { Log } from '../log';
import { Batcher, type BatchResult } from './batcher';
import type { GivenUp } from './dead-letter';
import { deadLetter } from './dead-letter';
import type { DeadLetterQueue, Message, Renewal, VisibilityChange, WorkQueue } from './ports';

export interface SettlementOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Receives from which on a job that is given back blameless is sent anew. */
  readonly renewFrom: number;
  /** Whether jobs are in hand, whose messages will soon be acknowledged, too. */
  readonly hasJobs: () => boolean;
  /** Called for a message that was another worker's by the time it was to be settled. */
  readonly onLostReceipt: () => void;
}

/**
 * Receives, out of so many, from which on a job that is given back without blame is sent anew: half
 * of them stay for its own faults.
 */
export function renewFrom(maxAttempts: number): number {
  return Math.ceil(maxAttempts / 2);
}

/**
 * An acknowledgement holds nobody up, so it waits for nine others: up to a second while jobs are in
 * hand. The least visibility timeout, of which two thirds are left at least, is five seconds.
 */
const ACKNOWLEDGE_LINGER_MILLISECONDS = 100;
const VISIBILITY_LINGER_MILLISECONDS = 5;

/**
 * How a message leaves the worker's hands: acknowledged, released, or dead-lettered. None of the
 * three rejects on account of a batch failure: a message that could not be settled becomes visible
 * again and is done again.
 */
export class Settlement {
  private readonly acknowledgements: Batcher<{ readonly receiptHandle: string }>;
  private readonly visibility: Batcher<VisibilityChange>;
  private readonly renewals: Batcher<Renewal>;
  private readonly givingBack = new Set<Promise<void>>();

  constructor(
    queue: Pick<WorkQueue, 'acknowledge' | 'changeVisibility' | 'renew'>,
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
    this.renewals = new Batcher((renewals) => queue.renew(renewals), {
      lingerMilliseconds: VISIBILITY_LINGER_MILLISECONDS,
      clock,
      random,
    });
  }

  /** The job is over for good. */
  async acknowledge(message: Message): Promise<void> {
    this.seen('acknowledge', message, await this.acknowledgements.add(message));
  }

  /**
   * Gives the message back; it is visible again after so many seconds. Whether it was still ours.
   */
  async release(message: Message, delaySeconds: number): Promise<boolean> {
    const change = { receiptHandle: message.receiptHandle, visibilityTimeoutSeconds: delaySeconds };
    const failure = await this.visibility.add(change);
    this.seen('release', message, failure);
    return !failure?.senderFault;
  }

  /**
   * Gives back a job that has begun to write. It must be done again, for what it wrote may be out
   * of date: where the message is another worker's, who may have acknowledged it before, it is sent
   * anew.
   */
  owe(message: Message, delaySeconds: number, isBlameless: boolean): Promise<void> {
    return this.give(async () => {
      const isBack = !isBlameless || message.receiveCount < this.options.renewFrom;
      if (isBack && (await this.release(message, delaySeconds))) return;
      await this.renew(message, delaySeconds);
    });
  }

  /**
   * Gives a message back whose receive was not its fault. SQS cannot lower a receive count, so that
   * a job that has been received often is sent anew first and its old message acknowledged then: a
   * crash in between makes a duplicate, never a loss.
   */
  giveBack(message: Message, delaySeconds: number): Promise<void> {
    return this.give(async () => {
      if (message.receiveCount < this.options.renewFrom) await this.release(message, delaySeconds);
      else await this.renew(message, delaySeconds);
    });
  }

  private give(giving: () => Promise<void>): Promise<void> {
    const given = giving().finally(() => this.givingBack.delete(given));
    this.givingBack.add(given);
    return given;
  }

  /**
   * Sends the dead letter. Only when the queue has it may the message be acknowledged.
   * @throws whatever the dead-letter queue throws; the message is then still held.
   */
  async deadLetter(givenUp: GivenUp): Promise<void> {
    await this.deadLetters.send(deadLetter(givenUp));
  }

  /** Sends the acknowledgements that wait: no other will come soon. */
  sendAcknowledgements(): void {
    this.acknowledgements.send();
  }

  /** Hides a message for longer; for the heartbeat, which looks at the result itself. */
  extend(change: VisibilityChange): Promise<BatchResult> {
    return this.visibility.add(change);
  }

  /** Settles when every request has been answered or given up. */
  async flush(): Promise<void> {
    await this.renewals.flush();
    await Promise.all(this.givingBack);
    await Promise.all([this.acknowledgements.flush(), this.visibility.flush()]);
  }

  private async renew(message: Message, delaySeconds: number): Promise<void> {
    const { receiptHandle, body, sentAt } = message;
    const failure = await this.renewals.add({ receiptHandle, body, sentAt, delaySeconds });
    if (!failure) return this.acknowledge(message);
    const { messageId } = message;
    this.options.log('warn', {
      event: 'settlement-failed',
      verb: 'renew',
      messageId,
      code: failure.code,
    });
    await this.release(message, delaySeconds);
  }

  private seen(verb: string, { messageId }: Message, failure: BatchResult): void {
    if (failure === undefined) return;
    const { code, senderFault } = failure;
    if (senderFault) this.options.onLostReceipt();
    const event = senderFault ? 'receipt-lost' : 'settlement-failed';
    this.options.log('warn', { event, verb, messageId, code });
  }
}
