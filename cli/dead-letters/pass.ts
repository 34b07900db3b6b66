import { type BatchFailure, type Queue, type QueueMessage, TooManyInFlight } from '../ports';

/** Longest that a letter stays hidden when we are killed; a pass over the 120,000 that a queue keeps in flight is shorter. */
export const HIDDEN_SECONDS = 600;
/** One empty long poll may be an unlucky one. */
const EMPTY_RECEIVES = 2;
const BATCH = 10;
/** The message is visible already, or gone. */
const NOT_HELD = /MessageNotInflight|ReceiptHandleIsInvalid|InvalidParameterValue/;

export interface PassSettings {
  readonly stop: AbortSignal;
  /** Most letters of one receive, 1 to 10. Default 10. */
  readonly most?: number;
  /** Takes letters, each once; says which ones it has deleted, and whether it wants no more. */
  readonly take: (letters: readonly QueueMessage[]) => Promise<Taken>;
}

export interface Taken {
  /** Message ids. */
  readonly gone: readonly string[];
  readonly isEnough?: boolean;
}

export interface PassEnd {
  /** Letters that were looked at. */
  readonly seen: number;
  readonly because: 'all-seen' | 'enough' | 'stopped' | 'too-many-in-flight';
  /** Letters that could not be given back; they come back by themselves. */
  readonly stillHidden: number;
}

/**
 * Looks at every letter of a queue once. SQS has no peek: each one is received, hidden meanwhile, and given back at the end, whatever
 * the end is. Receiving raises a letter's receive count, which nothing reads: a dead-letter queue has no redrive policy.
 */
export async function passOver(queue: Queue, settings: PassSettings): Promise<PassEnd> {
  const seen = new Set<string>();
  /** Newest receipt handle by message id. */
  const held = new Map<string, string>();
  let because: PassEnd['because'];
  try {
    because = await receiveAll(queue, settings, seen, held);
  } catch (error) {
    // What failed first says more than that its letters cannot be given back either: they come back by themselves.
    await giveBack(queue, [...held.values()]).catch(() => undefined);
    throw error;
  }
  return { seen: seen.size, because, stillHidden: await giveBack(queue, [...held.values()]) };
}

async function receiveAll(
  queue: Queue,
  { stop, most = BATCH, take }: PassSettings,
  seen: Set<string>,
  held: Map<string, string>,
): Promise<PassEnd['because']> {
  let empty = 0;
  while (!stop.aborted) {
    const received = await queue.receive(most, HIDDEN_SECONDS).catch((error: unknown) => {
      if (error instanceof TooManyInFlight) return 'too-many-in-flight' as const;
      throw error;
    });
    if (received === 'too-many-in-flight') return received;
    for (const { messageId, receiptHandle } of received) held.set(messageId, receiptHandle);
    const fresh = received.filter(({ messageId }) => !seen.has(messageId));
    for (const { messageId } of fresh) seen.add(messageId);
    // A letter that comes back is hidden anew, so that letters which were never seen come in the end.
    empty = received.length === 0 ? empty + 1 : 0;
    if (empty >= EMPTY_RECEIVES) return 'all-seen';
    if (fresh.length === 0) continue;
    const { gone, isEnough } = await take(fresh);
    for (const id of gone) held.delete(id);
    if (isEnough) return 'enough';
  }
  return 'stopped';
}

/** @returns how many stay hidden for a while. */
async function giveBack(queue: Queue, handles: readonly string[]): Promise<number> {
  let stillHidden = 0;
  for (let start = 0; start < handles.length; start += BATCH) {
    const failed = await inTwoTries(handles.slice(start, start + BATCH), (batch) => queue.giveBack(batch));
    stillHidden += failed.filter(({ code }) => !NOT_HELD.test(code)).length;
  }
  return stillHidden;
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
