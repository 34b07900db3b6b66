import { type Clock, jittered, pause } from '../clock';
import type { BatchFailure } from './ports';

/**
 * Entries of one batch request:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MAX_BATCH_ENTRIES = 10;
/** Most requests for one entry. */
const MAX_REQUESTS = 5;
const FIRST_RETRY_MILLISECONDS = 100;
const MAX_LINGERS = 10;
/**
 * Requests at a time: a thousand samples that wait for their part are a hundred requests at once,
 * each with a connection of its own.
 */
const REQUESTS_AT_A_TIME = 8;

/** Undefined when the service took the entry, else its last failure. */
export type BatchResult = BatchFailure | undefined;

interface WaitingEntry<Entry> {
  readonly entry: Entry;
  readonly settle: (result: BatchResult) => void;
}

export interface BatcherOptions {
  /** How long the first entry waits for nine others. */
  readonly lingerMilliseconds: number;
  /** Whether more entries are on their way, for which an entry lingers again, ten times at most. */
  readonly expectsMore?: () => boolean;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Gathers entries into batch requests of at most ten. An entry that the service did not take, alone
 * or with its whole request, is sent again with a growing delay, unless the service calls it wrong.
 * `add` never rejects.
 */
export class Batcher<Entry extends { readonly receiptHandle: string }> {
  private waiting: WaitingEntry<Entry>[] = [];
  private cancelLinger: (() => void) | undefined;
  private readonly sending = new Set<Promise<void>>();
  private requests = 0;
  private readonly turns: (() => void)[] = [];

  constructor(
    private readonly request: (entries: readonly Entry[]) => Promise<BatchFailure[]>,
    private readonly options: BatcherOptions,
  ) {}

  /** Resolves when the service has taken the entry, or when it never will. */
  add(entry: Entry): Promise<BatchResult> {
    return new Promise((settle) => {
      this.waiting.push({ entry, settle });
      if (this.waiting.length >= MAX_BATCH_ENTRIES) return this.send();
      if (!this.cancelLinger) this.linger(MAX_LINGERS);
    });
  }

  /** Sends what waits. Resolves when nothing is under way. */
  async flush(): Promise<void> {
    while (this.waiting.length > 0 || this.sending.size > 0) {
      this.send();
      await Promise.all(this.sending);
    }
  }

  /** Sends what waits, without more lingering. */
  send(): void {
    this.cancelLinger?.();
    this.cancelLinger = undefined;
    const batch = this.waiting.splice(0, MAX_BATCH_ENTRIES);
    if (batch.length === 0) return;
    const sending = this.settleAll(batch).finally(() => this.sending.delete(sending));
    this.sending.add(sending);
  }

  private linger(times: number): void {
    const { clock, lingerMilliseconds, expectsMore } = this.options;
    this.cancelLinger = clock.after(lingerMilliseconds, () =>
      times > 1 && expectsMore?.() ? this.linger(times - 1) : this.send(),
    );
  }

  private async settleAll(batch: readonly WaitingEntry<Entry>[]): Promise<void> {
    let left = batch;
    for (let requests = 1; left.length > 0; requests += 1) {
      const failures = await this.failuresOf(left);
      const again: WaitingEntry<Entry>[] = [];
      for (const waiting of left) {
        const failure = failures.get(waiting.entry.receiptHandle);
        const isFinal = failure === undefined || failure.senderFault || requests >= MAX_REQUESTS;
        if (isFinal) waiting.settle(failure);
        else again.push(waiting);
      }
      left = again;
      if (left.length > 0) await this.backOff(requests);
    }
  }

  private async failuresOf(
    batch: readonly WaitingEntry<Entry>[],
  ): Promise<Map<string, BatchFailure>> {
    const entries = batch.map(({ entry }) => entry);
    try {
      const failures = await this.inTurn(() => this.request(entries));
      return new Map(failures.map((failure) => [failure.receiptHandle, failure]));
    } catch (error) {
      const code = error instanceof Error ? error.name : 'RequestFailed';
      return new Map(
        entries.map(({ receiptHandle }) => [
          receiptHandle,
          { receiptHandle, code, senderFault: false },
        ]),
      );
    }
  }

  private async inTurn<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    while (this.requests >= REQUESTS_AT_A_TIME)
      await new Promise<void>((resolve) => void this.turns.push(resolve));
    this.requests += 1;
    try {
      return await request();
    } finally {
      this.requests -= 1;
      this.turns.shift()?.();
    }
  }

  private backOff(requests: number): Promise<void> {
    const { clock, random } = this.options;
    const ceiling = FIRST_RETRY_MILLISECONDS * 2 ** (requests - 1);
    return pause(clock, jittered(ceiling, random));
  }
}
