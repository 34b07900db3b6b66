import { inTwoTries } from '../dead-letters/scan';
import type { OutgoingMessage, Queue } from '../ports/queues';
import type { MissingObject, SourceState } from './find-missing';

/** Messages that SQS takes in one call. */
export const MOST_OF_ONE_CALL = 10;

/**
 * Objects after which everything that is held is done, so that a run that is killed later need not
 * start again from the beginning.
 */
const CHECKPOINT_OBJECTS = 10_000;

export interface ReconcileSettings {
  readonly objects: AsyncIterable<SourceState>;
  /** Keys that have a dead letter. */
  readonly lettered: ReadonlySet<string>;
  /** Absent: nothing is enqueued. */
  readonly enqueue?: {
    readonly queue: Queue;
    readonly eventOf: (missing: MissingObject) => string;
    readonly rateLimiter: (jobs: number) => Promise<void>;
    /** Jobs of one call, 1 to 10. */
    readonly batch: number;
  };
  readonly stop: AbortSignal;
  /**
   * Called with each object that lacks something, once it is enqueued where that was asked for.
   */
  readonly onMissing: (missing: MissingObject) => void;
  /** Called with each object that has outputs which its manifest no longer lists. */
  readonly onOrphans?: (key: string, orphans: readonly string[]) => void;
  /** Called after each object. */
  readonly onProgress: (progress: ReconcileResult) => void;
  /** Called each {@link CHECKPOINT_OBJECTS}, when everything up to the position is done. */
  readonly onCheckpoint: (progress: ReconcileResult) => void;
}

export interface ReconcileResult {
  readonly looked: number;
  /** Objects that lack outputs and have no dead letter. */
  readonly missing: number;
  /** Objects with all outputs, of which one is older than the recipe, and no dead letter. */
  readonly outdated: number;
  readonly enqueued: number;
  /** Objects that would be jobs if they had no dead letter. */
  readonly lettered: number;
  /** Objects with an output that cannot be made of them, and that the recipe does without. */
  readonly skipped: number;
  /** Outputs that no manifest lists any longer. */
  readonly orphans: number;
  /** Key up to which everything is done: to continue, start after it. Absent before the first. */
  readonly position?: string;
}

/** The work queue did not take jobs; `progress.position` says where to continue. */
export class ReconcileError extends Error {
  override readonly name = 'ReconcileError';
  constructor(
    readonly progress: ReconcileResult,
    options: ErrorOptions,
  ) {
    super('The reconciliation broke off.', options);
  }
}

/**
 * Goes through all source objects and enqueues those that lack something. The position is that of
 * the last object of which everything is done: a run that continues from there misses nothing, and
 * enqueues at most one batch twice.
 * @throws ReconcileError with the position, whatever the cause.
 */
export async function reconcile(settings: ReconcileSettings): Promise<ReconcileResult> {
  const run = new Run(settings);
  try {
    for await (const looked of settings.objects) {
      await run.take(looked);
      if (settings.stop.aborted) break;
    }
    await run.flush();
  } catch (error) {
    throw new ReconcileError(run.progress, { cause: error });
  }
  return run.progress;
}

class Run {
  progress: ReconcileResult = {
    looked: 0,
    missing: 0,
    outdated: 0,
    enqueued: 0,
    lettered: 0,
    skipped: 0,
    orphans: 0,
  };
  private waiting: MissingObject[] = [];
  private last: string | undefined;

  constructor(private readonly settings: ReconcileSettings) {}

  async take({ key, missing, skipped, isOutdated, orphans }: SourceState): Promise<void> {
    this.last = key;
    const hasLetter = this.settings.lettered.has(key);
    const isLacking = missing !== undefined && missing.outputs.length > 0;
    this.progress = {
      ...this.progress,
      looked: this.progress.looked + 1,
      lettered: this.progress.lettered + (missing && hasLetter ? 1 : 0),
      skipped: this.progress.skipped + (skipped.length > 0 ? 1 : 0),
      orphans: this.progress.orphans + orphans.length,
      missing: this.progress.missing + (isLacking && !hasLetter ? 1 : 0),
      outdated: this.progress.outdated + (isOutdated && !isLacking && !hasLetter ? 1 : 0),
    };
    if (missing && !hasLetter) this.waiting.push(missing);
    const { enqueue, onOrphans, onProgress, onCheckpoint } = this.settings;
    if (orphans.length > 0) onOrphans?.(key, orphans);
    const isCheckpoint = this.progress.looked % CHECKPOINT_OBJECTS === 0;
    const isBatch = this.waiting.length === 0 || this.waiting.length >= (enqueue?.batch ?? 1);
    if (isBatch || isCheckpoint) await this.flush();
    onProgress(this.progress);
    if (isCheckpoint) onCheckpoint(this.progress);
  }

  async flush(): Promise<void> {
    const { enqueue, onMissing } = this.settings;
    if (enqueue && this.waiting.length > 0) await this.send(enqueue);
    for (const missing of this.waiting) onMissing(missing);
    this.waiting = [];
    if (this.last !== undefined) this.progress = { ...this.progress, position: this.last };
  }

  private async send({
    queue,
    eventOf,
    rateLimiter,
  }: NonNullable<ReconcileSettings['enqueue']>): Promise<void> {
    await rateLimiter(this.waiting.length);
    const messages = this.waiting.map(
      (one): OutgoingMessage => ({ body: eventOf(one), attributes: {} }),
    );
    const refused = await inTwoTries(messages, (some) => queue.send(some));
    if (refused.length > 0)
      throw new Error(`The work queue did not take ${refused.length} jobs (${refused[0]?.code}).`);
    this.progress = { ...this.progress, enqueued: this.progress.enqueued + messages.length };
  }
}
