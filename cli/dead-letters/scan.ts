import pMap from 'p-map';
import { type BatchFailure, type Queue, type QueueMessage, TooManyInFlight } from '../ports/queues';

/**
 * Longest that a letter stays hidden when we are killed. A scan hides its letters again after half
 * of it.
 */
const HIDDEN_SECONDS = 600;
/** A single empty long poll proves nothing. */
const EMPTY_RECEIVES = 2;
/**
 * Receives in a row that may return nothing but letters sent since the scan began: new letters may
 * never stop.
 */
const LATE_RECEIVES = 10;
const BATCH = 10;
const CALLS_AT_A_TIME = 10;
/** The message is visible already, or gone. */
const NOT_HELD = /MessageNotInflight|ReceiptHandleIsInvalid|InvalidParameterValue/;

export interface ScanSettings {
  readonly stop: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Most letters of one receive, 1 to 10. Default 10. */
  readonly most?: number;
  /**
   * Takes letters, each once; returns which ones it has deleted, and whether it has enough.
   * @param total - letters that were visible when the scan began, approximately.
   */
  readonly take: (letters: readonly QueueMessage[], total: number) => Promise<TakeResult>;
}

export interface TakeResult {
  /** Message ids. */
  readonly gone: readonly string[];
  readonly isEnough?: boolean;
}

export interface ScanEnd {
  /** Letters that were looked at. */
  readonly seen: number;
  readonly because: 'all-seen' | 'enough' | 'stopped' | 'too-many-in-flight';
  /** Letters that another reader hid from the beginning to the end, approximately. */
  readonly hidden: number;
  /** Letters that could not be released; they become visible by themselves. */
  readonly stillHidden: number;
}

/**
 * Looks at every letter of a queue once. SQS has no peek: each one is received, stays hidden, and
 * is released at the end, also after an error. Receiving raises a letter's receive count, which
 * nothing reads: a dead-letter queue has no redrive policy.
 */
export async function scanQueue(queue: Queue, settings: ScanSettings): Promise<ScanEnd> {
  const began = settings.now();
  const { backlog, inFlight } = await queue.depth();
  /** When each was sent, by message id. */
  const seen = new Map<string, number>();
  const held = new HeldLetters(queue, settings.now);
  let because: ScanEnd['because'];
  try {
    because = await receiveAll(queue, settings, { began, backlog, seen, held });
  } catch (error) {
    // The first error says more than that the letters cannot be released either; they become
    // visible by themselves.
    await held.release().catch(() => undefined);
    throw error;
  }
  const old = [...seen.values()].filter((sentAt) => sentAt <= began).length;
  const hidden = Math.max(0, Math.min(inFlight, backlog + inFlight - old));
  return { seen: seen.size, because, hidden, stillHidden: await held.release() };
}

interface Pass {
  /** Milliseconds since the epoch. */
  readonly began: number;
  readonly backlog: number;
  readonly seen: Map<string, number>;
  readonly held: HeldLetters;
}

async function receiveAll(
  queue: Queue,
  { stop, most = BATCH, take }: ScanSettings,
  { began, backlog, seen, held }: Pass,
): Promise<ScanEnd['because']> {
  let empty = 0;
  let late = 0;
  while (!stop.aborted) {
    await held.renew();
    const received = await queue.receive(most, HIDDEN_SECONDS).catch((error: unknown) => {
      if (error instanceof TooManyInFlight) return 'too-many-in-flight' as const;
      throw error;
    });
    if (received === 'too-many-in-flight') return received;
    held.add(received);
    const fresh = received.filter(({ messageId }) => !seen.has(messageId));
    for (const { messageId, sentAt } of fresh) seen.set(messageId, sentAt);
    if (fresh.length > 0) {
      const { gone, isEnough } = await take(fresh, backlog);
      held.drop(gone);
      if (isEnough) return 'enough';
    }
    // A letter that comes back is hidden again, so that the letters not yet seen come in the end.
    empty = received.length === 0 ? empty + 1 : 0;
    late = fresh.some(({ sentAt }) => sentAt <= began) ? 0 : late + 1;
    if (empty >= EMPTY_RECEIVES || (late >= LATE_RECEIVES && seen.size >= backlog))
      return 'all-seen';
  }
  return 'stopped';
}

type HiddenLetter = Pick<QueueMessage, 'messageId' | 'receiptHandle'>;

/** Letters that are hidden for us, in the order in which they were hidden last. */
class HeldLetters {
  private readonly held = new Map<string, HiddenLetter & { readonly hiddenAt: number }>();

  constructor(
    private readonly queue: Queue,
    private readonly now: () => number,
  ) {}

  add(letters: readonly HiddenLetter[], hiddenAt = this.now()): void {
    for (const { messageId, receiptHandle } of letters) {
      this.held.delete(messageId);
      this.held.set(messageId, { messageId, receiptHandle, hiddenAt });
    }
  }

  drop(messageIds: readonly string[]): void {
    for (const id of messageIds) this.held.delete(id);
  }

  /**
   * Hides again what would soon be visible. What SQS refuses is no longer held: it comes back, and
   * is received again.
   */
  async renew(): Promise<void> {
    await eachBatch(this.due(), async (batch) => {
      const hiddenAt = this.now();
      const refused = await inTwoTries(batch, (some) =>
        this.queue.extend(handles(some), HIDDEN_SECONDS),
      );
      this.add(batch, hiddenAt);
      this.drop(refused.map(({ entry }) => entry.messageId));
    });
  }

  /** @returns the number of letters that stay hidden for a while. */
  async release(): Promise<number> {
    let stillHidden = 0;
    await eachBatch([...this.held.values()], async (batch) => {
      const failed = await inTwoTries(batch, (some) => this.queue.release(handles(some)));
      stillHidden += failed.filter(({ code }) => !NOT_HELD.test(code)).length;
    });
    return stillHidden;
  }

  private due(): readonly HiddenLetter[] {
    const due: HiddenLetter[] = [];
    const before = this.now() - (HIDDEN_SECONDS * 1_000) / 2;
    for (const letter of this.held.values()) {
      if (letter.hiddenAt > before) break;
      due.push(letter);
    }
    return due;
  }
}

const handles = (letters: readonly HiddenLetter[]) =>
  letters.map(({ receiptHandle }) => receiptHandle);

/**
 * Does something with batches of ten, several at a time: 120,000 letters must be hidden again well
 * before the first of them is visible.
 * @throws what the first failed call threw, once no call is under way.
 */
async function eachBatch<Entry>(
  entries: readonly Entry[],
  act: (batch: readonly Entry[]) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const batches = Array.from({ length: Math.ceil(entries.length / BATCH) }, (_, index) =>
    entries.slice(index * BATCH, (index + 1) * BATCH),
  );
  const actUnlessFailed = async (batch: readonly Entry[]) => {
    if (failures.length === 0) await act(batch).catch((error: unknown) => failures.push(error));
  };
  await pMap(batches, actUnlessFailed, { concurrency: CALLS_AT_A_TIME });
  if (failures.length > 0) throw failures[0];
}

/** Does something with a batch, and once more with what the service did not take. */
export async function inTwoTries<Entry>(
  entries: readonly Entry[],
  act: (entries: readonly Entry[]) => Promise<readonly BatchFailure[]>,
): Promise<readonly (BatchFailure & { readonly entry: Entry })[]> {
  const withEntries = (failures: readonly BatchFailure[], of: readonly Entry[]) =>
    failures.map((failure) => ({ ...failure, entry: of[failure.index] as Entry }));
  const first = withEntries(await act(entries), entries);
  if (first.length === 0) return [];
  const again = first.map(({ entry }) => entry);
  return withEntries(await act(again), again);
}
