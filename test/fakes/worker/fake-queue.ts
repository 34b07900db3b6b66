import { type Clock, pause } from '../../../application-code/worker/src/clock';
import type {
  BatchFailure,
  DeadLetter,
  DeadLetterQueue,
  Message,
  Renewal,
  VisibilityChange,
  WorkQueue,
} from '../../../application-code/worker/src/queue/ports';

interface Stored {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  receiveCount: number;
  visibleAt: number;
  receiptHandle: string | undefined;
}

/** A queue in memory: visibility, receive counts and receipts that grow old are as SQS has them. */
export class FakeQueue implements WorkQueue {
  private readonly stored = new Map<string, Stored>();
  private receipts = 0;
  private sent = 0;
  private readonly waiting = new Set<() => void>();
  /** Every request, in the order of their arrival. */
  readonly requests: { readonly verb: string; readonly entries: number }[] = [];
  /** Seconds of the releases and extensions that succeeded. */
  readonly visibilityChanges: number[] = [];
  /** Decides the failures of a batch before it is looked at; by default there are none. */
  failing: (
    verb: string,
    receiptHandle: string,
  ) => Omit<BatchFailure, 'receiptHandle'> | undefined = () => undefined;
  /** Bodies that the queue's own redrive policy has moved. */
  readonly moved: string[] = [];
  /** Makes every receive fail while it is set. */
  receiveError: Error | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly visibilityTimeoutSeconds: number,
    private readonly maxReceiveCount = Number.POSITIVE_INFINITY,
  ) {}

  send(body: string, receiveCount = 0, sentAt = this.clock.now(), delaySeconds = 0): void {
    this.sent += 1;
    const messageId = `m${this.sent}`;
    this.stored.set(messageId, {
      messageId,
      body,
      sentAt,
      receiveCount,
      visibleAt: this.clock.now() + delaySeconds * 1000,
      receiptHandle: undefined,
    });
    this.changed();
  }

  /** Messages that are left, hidden ones included. */
  get size(): number {
    return this.stored.size;
  }

  get visible(): number {
    return this.visibleMessages().length;
  }

  /** Everything is acknowledged by somebody else. */
  purge(): void {
    this.stored.clear();
  }

  /**
   * Every receipt is forgotten and everything that was hidden is visible, as after a visibility
   * timeout.
   */
  expire(): void {
    for (const stored of this.stored.values()) {
      if (stored.receiptHandle === undefined) continue;
      stored.receiptHandle = undefined;
      stored.visibleAt = this.clock.now();
    }
    this.changed();
  }

  /**
   * Another consumer receives everything that is visible or hidden, as after a visibility timeout.
   */
  takeAway(): void {
    for (const stored of this.stored.values()) {
      stored.visibleAt = 0;
      this.take(stored);
    }
  }

  async receive(maxMessages: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]> {
    this.requests.push({ verb: 'receive', entries: maxMessages });
    if (this.receiveError) throw this.receiveError;
    const end = this.clock.now() + waitSeconds * 1000;
    while (this.visible === 0 && this.clock.now() < end) {
      await this.change(end, signal);
      signal.throwIfAborted();
    }
    return this.visibleMessages()
      .slice(0, maxMessages)
      .flatMap((stored) => (this.isMoved(stored) ? [] : this.take(stored)));
  }

  /** Settles when a message may have become visible, at the end at the latest. */
  private async change(end: number, signal: AbortSignal): Promise<void> {
    const visibleAt = [...this.stored.values()].map((stored) => stored.visibleAt);
    const next = Math.min(end, ...visibleAt.filter((at) => at > this.clock.now()));
    const isChanged = new AbortController();
    const onChange = () => isChanged.abort();
    this.waiting.add(onChange);
    await pause(this.clock, next - this.clock.now(), AbortSignal.any([signal, isChanged.signal]));
    this.waiting.delete(onChange);
  }

  private changed(): void {
    for (const onChange of this.waiting) onChange();
  }

  async acknowledge(receiptHandles: readonly string[]): Promise<BatchFailure[]> {
    return this.batch(
      'acknowledge',
      receiptHandles,
      (stored) => void this.stored.delete(stored.messageId),
    );
  }

  async changeVisibility(changes: readonly VisibilityChange[]): Promise<BatchFailure[]> {
    const seconds = new Map(
      changes.map((change) => [change.receiptHandle, change.visibilityTimeoutSeconds]),
    );
    return this.batch('changeVisibility', [...seconds.keys()], (stored) => {
      const hidden = seconds.get(stored.receiptHandle ?? '') ?? 0;
      this.visibilityChanges.push(hidden);
      stored.visibleAt = this.clock.now() + hidden * 1000;
      this.changed();
    });
  }

  async renew(renewals: readonly Renewal[]): Promise<BatchFailure[]> {
    this.requests.push({ verb: 'renew', entries: renewals.length });
    return renewals.flatMap(({ receiptHandle, body, sentAt, delaySeconds }) => {
      const failure = this.failing('renew', receiptHandle);
      if (failure) return [{ receiptHandle, ...failure }];
      this.send(body, 0, sentAt, delaySeconds);
      return [];
    });
  }

  private batch(
    verb: string,
    receiptHandles: readonly string[],
    change: (stored: Stored) => void,
  ): BatchFailure[] {
    this.requests.push({ verb, entries: receiptHandles.length });
    return receiptHandles.flatMap((receiptHandle) => {
      const failure = this.failing(verb, receiptHandle);
      if (failure) return [{ receiptHandle, ...failure }];
      const stored = [...this.stored.values()].find((one) => one.receiptHandle === receiptHandle);
      if (!stored) return [{ receiptHandle, code: 'ReceiptHandleIsInvalid', senderFault: true }];
      change(stored);
      return [];
    });
  }

  private visibleMessages(): Stored[] {
    return [...this.stored.values()].filter(({ visibleAt }) => visibleAt <= this.clock.now());
  }

  private isMoved(stored: Stored): boolean {
    if (stored.receiveCount < this.maxReceiveCount) return false;
    this.stored.delete(stored.messageId);
    this.moved.push(stored.body);
    return true;
  }

  private take(stored: Stored): Message {
    this.receipts += 1;
    stored.receiveCount += 1;
    stored.visibleAt = this.clock.now() + this.visibilityTimeoutSeconds * 1000;
    stored.receiptHandle = `r${this.receipts}`;
    const { messageId, body, sentAt, receiveCount, receiptHandle } = stored;
    return { messageId, body, sentAt, receiveCount, receiptHandle };
  }
}

/** A dead-letter queue that keeps what it gets, or fails while `error` is set. */
export class FakeDeadLetterQueue implements DeadLetterQueue {
  readonly letters: DeadLetter[] = [];
  error: Error | undefined;

  async send(letter: DeadLetter): Promise<void> {
    if (this.error) throw this.error;
    this.letters.push(letter);
  }
}
