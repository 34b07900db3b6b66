import type {
  BatchFailure,
  Message,
  Renewal,
  VisibilityChange,
  WorkQueue,
} from '../../../application-code/worker/src/queue/ports';
import { type Clock, roundTrip, SYSTEM_CLOCK } from './round-trip';

export interface QueueSettings {
  readonly roundTripMilliseconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly clock?: Clock;
}

interface Stored {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
}

const MAX_BATCH = 10;
/** How often a long poll looks again; far below any round trip worth measuring. */
const POLL_STEP_MILLISECONDS = 5;

/**
 * A standard SQS queue in memory: long polls, batches of ten, a receipt handle for every receive,
 * visibility time-outs that run out. An old handle acknowledges nothing without an error, as on
 * SQS.
 */
export class QueueDouble implements WorkQueue {
  /** Settles when the last message of those that were filled in is acknowledged. */
  drained: Promise<void> = Promise.resolve();
  /** Messages received more than once: work that the subject did twice. */
  redeliveries = 0;
  private readonly clock: Clock;
  private readonly messages = new Map<string, Stored>();
  private filled = 0;
  private markDrained: () => void = () => undefined;

  constructor(private readonly settings: QueueSettings) {
    this.clock = settings.clock ?? SYSTEM_CLOCK;
  }

  /** Puts messages in at once, without a round trip: they were there before the measurement. */
  fill(bodies: readonly string[]): void {
    this.drained = new Promise((resolve) => {
      this.markDrained = resolve;
    });
    for (const body of bodies) {
      const stored = {
        messageId: `message-${this.filled++}`,
        body,
        sentAt: this.clock.now(),
        visibleAt: this.clock.now(),
        receiveCount: 0,
      };
      this.messages.set(stored.messageId, stored);
    }
  }

  receive(maxMessages: number, waitSeconds: number, signal?: AbortSignal): Promise<Message[]> {
    requireBatch(maxMessages);
    return this.travel(async () => {
      const until = this.clock.now() + waitSeconds * 1000;
      let found = this.take(maxMessages);
      while (found.length === 0 && this.clock.now() < until) {
        await this.clock.sleep(POLL_STEP_MILLISECONDS, signal);
        found = this.take(maxMessages);
      }
      return found;
    }, signal);
  }

  acknowledge(receiptHandles: readonly string[]): Promise<BatchFailure[]> {
    requireBatch(receiptHandles.length);
    return this.travel(() => {
      for (const receiptHandle of receiptHandles) {
        const held = this.holder(receiptHandle);
        if (held) this.messages.delete(held.messageId);
      }
      if (this.messages.size === 0) this.markDrained();
      return [];
    });
  }

  changeVisibility(changes: readonly VisibilityChange[]): Promise<BatchFailure[]> {
    requireBatch(changes.length);
    return this.travel(() => changes.flatMap((change) => this.change(change)));
  }

  renew(renewals: readonly Renewal[]): Promise<BatchFailure[]> {
    requireBatch(renewals.length);
    return this.travel(() => {
      this.fill(renewals.map(({ body }) => body));
      return [];
    });
  }

  private change({ receiptHandle, visibilityTimeoutSeconds }: VisibilityChange): BatchFailure[] {
    const held = this.holder(receiptHandle);
    if (!held) return [{ receiptHandle, code: 'ReceiptHandleIsInvalid', senderFault: true }];
    if (held.visibleAt <= this.clock.now())
      return [{ receiptHandle, code: 'MessageNotInflight', senderFault: true }];
    held.visibleAt = this.clock.now() + visibilityTimeoutSeconds * 1000;
    return [];
  }

  private take(maxMessages: number): Message[] {
    const now = this.clock.now();
    const found: Message[] = [];
    for (const stored of this.messages.values()) {
      if (found.length === maxMessages) break;
      if (stored.visibleAt <= now) found.push(this.deliver(stored, now));
    }
    return found;
  }

  private deliver(stored: Stored, now: number): Message {
    stored.visibleAt = now + this.settings.visibilityTimeoutSeconds * 1000;
    stored.receiveCount += 1;
    if (stored.receiveCount > 1) this.redeliveries += 1;
    const { messageId, body, sentAt, receiveCount } = stored;
    return { messageId, body, sentAt, receiveCount, receiptHandle: `${messageId}/${receiveCount}` };
  }

  private holder(receiptHandle: string): Stored | undefined {
    const [messageId = '', receive] = receiptHandle.split('/');
    const stored = this.messages.get(messageId);
    return stored?.receiveCount === Number(receive) ? stored : undefined;
  }

  private travel<Answer>(
    answer: () => Answer | Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    return roundTrip(this.clock, this.settings.roundTripMilliseconds, answer, signal);
  }
}

function requireBatch(size: number): void {
  if (size < 1 || size > MAX_BATCH)
    throw new RangeError(
      `SQS takes 1 to ${MAX_BATCH} messages in a request, but ${size} were given`,
    );
}
