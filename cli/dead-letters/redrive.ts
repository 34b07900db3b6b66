import type { OutgoingMessage, Queue, QueueMessage } from '../ports/queues';
import { type Letter, letterOf } from './letter';
import { inTwoTries, type ScanEnd, type ScanSettings, scanQueue } from './scan';

/**
 * What the worker writes on a letter, and on a message that it sends again: a job that starts again
 * must carry neither the old reason, nor the old age, nor old interruptions.
 */
const WORKER_ATTRIBUTES = new Set([
  'FaultCode',
  'FaultMessage',
  'SourceKey',
  'ReceiveCount',
  'FailedAt',
  'FirstSentAt',
  'Interruptions',
]);
/**
 * What a batch may hold together on every queue:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const BATCH_BYTES = 262_144;
const BATCH = 10;

export interface RedriveSettings {
  readonly letters: Queue;
  readonly work: Queue;
  readonly isWanted: (letter: Letter) => boolean;
  /** Most letters to take. */
  readonly limit: number;
  readonly perSecond: number;
  readonly isDryRun: boolean;
  readonly stop: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly rateLimiter: (letters: number) => Promise<void>;
  readonly onProgress: (redriven: number, seen: number, total: number) => void;
}

export interface RedriveResult extends ScanEnd {
  /** Letters that are jobs again; in a dry run those that would be. */
  readonly redriven: number;
  /**
   * Letters that are jobs again and could not be deleted: a second redrive would do them twice.
   */
  readonly duplicated: number;
  /** Letters that the work queue did not take; they are still letters. */
  readonly refused: number;
  /** Letters that arrived during the redrive, and stay. */
  readonly tooNew: number;
}

/** Counts of one redrive, as they grow. */
type Counts = { -readonly [count in 'redriven' | 'duplicated' | 'refused' | 'tooNew']: number };

/** A call failed before the end; `redriven` letters are jobs again. */
export class RedriveError extends Error {
  override readonly name = 'RedriveError';
  constructor(
    readonly redriven: number,
    options: ErrorOptions,
  ) {
    super('The redrive broke off.', options);
  }
}

/**
 * Makes jobs of the wanted letters again: body unchanged, without the fault's attributes. Each is
 * sent first and then deleted, so that an end in between at worst makes a job twice, which costs a
 * little and changes no result.
 * @throws RedriveError whatever the cause.
 */
export async function redrive(settings: RedriveSettings): Promise<RedriveResult> {
  const counts: Counts = { redriven: 0, duplicated: 0, refused: 0, tooNew: 0 };
  const end = await scanQueue(settings.letters, {
    stop: settings.stop,
    now: settings.now,
    most: Math.min(BATCH, settings.perSecond),
    take: taking(settings, counts),
  }).catch((cause: unknown) => {
    throw new RedriveError(settings.isDryRun ? 0 : counts.redriven, { cause });
  });
  return { ...end, ...counts };
}

function taking(settings: RedriveSettings, counts: Counts): ScanSettings['take'] {
  const startedAt = settings.now();
  let seen = 0;
  return async (letters, total) => {
    seen += letters.length;
    // A later letter is the result of one of these jobs, and stays.
    const old = letters.filter(({ sentAt }) => sentAt <= startedAt);
    counts.tooNew += letters.length - old.length;
    const room = settings.limit - counts.redriven;
    const wanted = old.filter((letter) => settings.isWanted(letterOf(letter))).slice(0, room);
    const gone = settings.isDryRun
      ? dryRun(wanted, counts)
      : await redriveAll(wanted, settings, counts);
    settings.onProgress(counts.redriven, seen, total);
    return { gone, isEnough: counts.redriven >= settings.limit };
  };
}

function dryRun(wanted: readonly QueueMessage[], counts: Counts): readonly string[] {
  counts.redriven += wanted.length;
  return [];
}

async function redriveAll(
  wanted: readonly QueueMessage[],
  settings: RedriveSettings,
  counts: Counts,
): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const batch of batchesOf(wanted)) {
    await settings.rateLimiter(batch.length);
    if (settings.stop.aborted) break;
    gone.push(...(await redriveBatch(batch, settings, counts)));
  }
  return gone;
}

async function redriveBatch(
  batch: readonly QueueMessage[],
  { letters, work }: RedriveSettings,
  counts: Counts,
): Promise<readonly string[]> {
  const refused = await inTwoTries(batch, (some) => work.send(some.map(withoutFault)));
  const lost = new Set(refused.map(({ entry }) => entry));
  const sent = batch.filter((letter) => !lost.has(letter));
  counts.refused += lost.size;
  counts.redriven += sent.length;
  if (sent.length === 0) return [];
  const kept = await inTwoTries(sent, (some) =>
    letters.remove(some.map((one) => one.receiptHandle)),
  );
  counts.duplicated += kept.length;
  const still = new Set(kept.map(({ entry }) => entry));
  return sent.filter((letter) => !still.has(letter)).map(({ messageId }) => messageId);
}

function withoutFault({ body, attributes }: QueueMessage): OutgoingMessage {
  const own = Object.entries(attributes).filter(([name]) => !WORKER_ATTRIBUTES.has(name));
  return { body, attributes: Object.fromEntries(own) };
}

function batchesOf(letters: readonly QueueMessage[]): readonly (readonly QueueMessage[])[] {
  const batches: QueueMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const letter of letters) {
    const more = bytesOf(letter);
    const last = batches.at(-1);
    if (last && last.length < BATCH && bytes + more <= BATCH_BYTES) {
      last.push(letter);
      bytes += more;
    } else {
      batches.push([letter]);
      bytes = more;
    }
  }
  return batches;
}

/** Attributes that are not sent are counted as well: too much is safe. */
function bytesOf({ body, attributes }: QueueMessage): number {
  const parts = Object.entries(attributes).map(
    ([name, { dataType, text = '', bytes }]) =>
      Buffer.byteLength(name) +
      Buffer.byteLength(dataType) +
      Buffer.byteLength(text) +
      (bytes?.length ?? 0),
  );
  return parts.reduce((sum, part) => sum + part, Buffer.byteLength(body));
}
