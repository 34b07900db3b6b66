import { type Clock, pause } from '../../application-code/worker/src/clock';
import type {
  BatchFailure,
  DeadLetter,
  DeadLetterQueue,
  JobToResend,
  Message,
  VisibilityChange,
  WorkQueue,
} from '../../application-code/worker/src/queue/ports';
import type * as cli from '../../cli/ports/queues';

type Attributes = Readonly<Record<string, cli.MessageAttribute>>;

export interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly sentAt: number;
  readonly interruptions: number;
  receiveCount: number;
  visibleAt: number;
  receiptHandle: string | undefined;
}

type Failure = Omit<BatchFailure, 'receiptHandle'>;
type MoreOfMessage = Partial<Pick<StoredMessage, 'attributes' | 'sentAt' | 'interruptions'>> & {
  readonly delaySeconds?: number;
};

const MAX_BATCH = 10;
const INVALID = { code: 'ReceiptHandleIsInvalid', senderFault: true };
const NOT_IN_FLIGHT = { code: 'MessageNotInflight', senderFault: true };

/**
 * A standard SQS queue in memory: long polls, batches of ten, visibility timeouts, receive counts,
 * redrive, and a receipt handle for every receive.
 */
export class FakeQueue implements WorkQueue {
  private readonly stored = new Map<string, StoredMessage>();
  private readonly waiting = new Set<() => void>();
  private sent = 0;
  /** Every request, in the order of their arrival. */
  readonly requests: { readonly verb: string; readonly entries: number }[] = [];
  /** Seconds of the releases and extensions that succeeded. */
  readonly visibilityChanges: number[] = [];
  /** Bodies that the queue's own redrive policy has moved. */
  readonly moved: string[] = [];
  /** Messages that were received more than once, each time that they were. */
  redeliveries = 0;
  /** Decides which entries of a batch fail; by default none does. */
  failing: (verb: string, receiptHandle: string) => Failure | undefined = () => undefined;
  /** An old receipt handle acknowledges nothing; SQS answers it with an error, or does not. */
  refusesOldHandles = true;
  /** Makes every receive fail while it is set. */
  receiveError: Error | undefined;
  /** Called when the last message is acknowledged. */
  onEmpty: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly visibilityTimeoutSeconds: number,
    private readonly maxReceiveCount = Number.POSITIVE_INFINITY,
  ) {}

  send(body: string, receiveCount = 0, more: MoreOfMessage = {}): void {
    const now = this.clock.now();
    const { attributes = {}, sentAt = now, interruptions = 0, delaySeconds = 0 } = more;
    this.sent += 1;
    const messageId = `m${this.sent}`;
    const message = { messageId, body, attributes, sentAt, interruptions, receiveCount };
    const visibleAt = now + delaySeconds * 1000;
    this.stored.set(message.messageId, { ...message, visibleAt, receiptHandle: undefined });
    this.changed();
  }

  /** Messages that are left, hidden ones included. */
  get messages(): readonly StoredMessage[] {
    return [...this.stored.values()];
  }

  get size(): number {
    return this.stored.size;
  }

  get visible(): number {
    return this.messages.filter(({ visibleAt }) => visibleAt <= this.clock.now()).length;
  }

  purge(): void {
    this.stored.clear();
  }

  /** Every visibility timeout has run out. */
  expire(): void {
    for (const message of this.stored.values()) {
      if (message.receiptHandle === undefined) continue;
      message.receiptHandle = undefined;
      message.visibleAt = this.clock.now();
    }
    this.changed();
  }

  /** Another consumer receives every message, as after a visibility timeout. */
  takeAway(): void {
    for (const message of this.stored.values()) this.take(message, this.visibilityTimeoutSeconds);
  }

  async receive(maxMessages: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]> {
    this.request('receive', maxMessages);
    if (this.receiveError) throw this.receiveError;
    const end = this.clock.now() + waitSeconds * 1000;
    let found = this.takeVisible(maxMessages);
    while (found.length === 0 && this.clock.now() < end) {
      await this.change(end, signal);
      signal.throwIfAborted();
      found = this.takeVisible(maxMessages);
    }
    return found;
  }

  async acknowledge(receiptHandles: readonly string[]): Promise<BatchFailure[]> {
    this.request('acknowledge', receiptHandles.length);
    return receiptHandles.flatMap((receiptHandle) => {
      const failure = this.failing('acknowledge', receiptHandle) ?? this.remove(receiptHandle);
      return failure ? [{ receiptHandle, ...failure }] : [];
    });
  }

  async changeVisibility(changes: readonly VisibilityChange[]): Promise<BatchFailure[]> {
    this.request('changeVisibility', changes.length);
    return changes.flatMap(({ receiptHandle, visibilityTimeoutSeconds: seconds }) => {
      const failure =
        this.failing('changeVisibility', receiptHandle) ?? this.hide(receiptHandle, seconds);
      if (failure) return [{ receiptHandle, ...failure }];
      this.visibilityChanges.push(seconds);
      return [];
    });
  }

  async resend(jobs: readonly JobToResend[]): Promise<BatchFailure[]> {
    this.request('resend', jobs.length);
    return jobs.flatMap(({ receiptHandle, body, ...more }) => {
      const failure = this.failing('resend', receiptHandle);
      if (failure) return [{ receiptHandle, ...failure }];
      this.send(body, 0, more);
      return [];
    });
  }

  /** Deletes the message of the newest receipt handle, if this is one. */
  remove(receiptHandle: string): Failure | undefined {
    const message = this.held(receiptHandle);
    if (!message) return this.refusesOldHandles ? INVALID : undefined;
    this.stored.delete(message.messageId);
    if (this.stored.size === 0) this.onEmpty();
    return undefined;
  }

  /** Hides a message that is in flight for this many seconds from now on. */
  hide(receiptHandle: string, seconds: number): Failure | undefined {
    const message = this.held(receiptHandle);
    const now = this.clock.now();
    if (!message) return INVALID;
    if (message.visibleAt <= now) return NOT_IN_FLIGHT;
    message.visibleAt = now + seconds * 1000;
    this.changed();
    return undefined;
  }

  takeVisible(
    most: number,
    hiddenSeconds = this.visibilityTimeoutSeconds,
  ): (Message & { readonly attributes: Attributes })[] {
    const found = [];
    for (const message of this.stored.values()) {
      if (found.length === most) break;
      if (message.visibleAt > this.clock.now() || this.isMoved(message)) continue;
      found.push(this.take(message, hiddenSeconds));
    }
    return found;
  }

  private held(receiptHandle: string): StoredMessage | undefined {
    const message = this.stored.get(receiptHandle.split('/')[0] ?? '');
    return message?.receiptHandle === receiptHandle ? message : undefined;
  }

  private take(message: StoredMessage, hiddenSeconds: number) {
    message.receiveCount += 1;
    if (message.receiveCount > 1) this.redeliveries += 1;
    message.visibleAt = this.clock.now() + hiddenSeconds * 1000;
    message.receiptHandle = `${message.messageId}/${message.receiveCount}`;
    const { visibleAt: _visibleAt, receiptHandle, ...received } = message;
    return { ...received, receiptHandle };
  }

  private isMoved({ messageId, body, receiveCount }: StoredMessage): boolean {
    if (receiveCount < this.maxReceiveCount) return false;
    this.stored.delete(messageId);
    this.moved.push(body);
    return true;
  }

  /** Settles when a message may have become visible, at the end at the latest. */
  private async change(end: number, signal: AbortSignal): Promise<void> {
    const visibleAt = this.messages.map((message) => message.visibleAt);
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

  private request(verb: string, entries: number): void {
    if (entries < 1 || entries > MAX_BATCH)
      throw new RangeError(`SQS takes 1 to ${MAX_BATCH} messages in a request, not ${entries}`);
    this.requests.push({ verb, entries });
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
