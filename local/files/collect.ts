import type { SkippedOutput } from '../../application-code/worker/src/workload/recipe';
import { LocalModeError } from '../../folder/folder-error';
import type { OutFile, OutFolder } from './out-folder';

/** What collecting needs of the destination bucket. */
export interface DestinationBucket {
  /** @throws Error when the object is not there. */
  get(key: string): Promise<{ readonly body: AsyncIterable<Uint8Array>; readonly bytes: number }>;
  remove(key: string): Promise<void>;
  /** The metadata of an object; undefined when it is not there. */
  metadataOf(key: string): Promise<Readonly<Record<string, string>> | undefined>;
}

/** A source object whose renditions the worker has all written. */
export interface FinishedJob {
  readonly sourceKey: string;
  /** Keys of its renditions. */
  readonly renditions: readonly string[];
  /** Renditions that cannot be made of it, and that the recipe does without. */
  readonly skipped?: readonly SkippedOutput[];
}

/** One rendition in `out/`. */
export interface CollectedRendition extends OutFile {
  readonly key: string;
}

export interface CollectSettings {
  readonly bucket: DestinationBucket;
  readonly out: OutFolder;
  readonly destinationPrefix: string;
  /** Jobs at a time. */
  readonly concurrency: number;
  /** Leaves what was fetched in the bucket. */
  readonly keep: boolean;
}

export interface CollectEvents {
  /** All renditions of one object are in `out/`, whole. */
  readonly onCollected: (
    job: FinishedJob,
    renditions: readonly CollectedRendition[],
  ) => Promise<void>;
  /**
   * Something of this object could not be fetched; its renditions stay in the bucket, and it may be
   * added again.
   */
  readonly onFailed: (job: FinishedJob, error: unknown) => void;
  /** Nothing more can be written, such as on a full disk. */
  readonly onFatal: (error: LocalModeError) => void;
}

/**
 * Fetches renditions while the run goes on, so that the emulator never holds more than what is
 * under way.
 */
export class Collector {
  private readonly waiting: FinishedJob[] = [];
  private readonly seen = new Set<string>();
  private readonly lanes = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    private readonly settings: CollectSettings,
    private readonly events: CollectEvents,
  ) {}

  /**
   * Takes a finished job once; a duplicate of it, after a message that came twice, changes nothing.
   */
  add(job: FinishedJob): void {
    if (this.stopped || this.seen.has(job.sourceKey)) return;
    this.seen.add(job.sourceKey);
    this.waiting.push(job);
    if (this.lanes.size >= this.settings.concurrency) return;
    const lane: Promise<void> = this.work().finally(() => this.lanes.delete(lane));
    this.lanes.add(lane);
  }

  /** Jobs that are not in `out/` yet. */
  get pending(): number {
    return this.waiting.length + this.lanes.size;
  }

  /** Settles when all that was added is in `out/` or has failed. */
  async finished(): Promise<void> {
    while (this.lanes.size > 0) await Promise.all(this.lanes);
  }

  /** Takes nothing more; what is being written comes to its end. */
  stop(): void {
    this.stopped = true;
    this.waiting.length = 0;
  }

  private async work(): Promise<void> {
    for (let job = this.waiting.shift(); job !== undefined; job = this.waiting.shift())
      await this.collect(job);
  }

  private async collect(job: FinishedJob): Promise<void> {
    try {
      const collected: CollectedRendition[] = [];
      for (const key of job.renditions) collected.push(await this.fetch(key));
      await this.events.onCollected(job, collected);
      if (!this.settings.keep)
        await Promise.all(job.renditions.map((key) => this.settings.bucket.remove(key)));
    } catch (error) {
      if (error instanceof LocalModeError) {
        this.stop();
        this.events.onFatal(error);
        return;
      }
      this.seen.delete(job.sourceKey);
      this.events.onFailed(job, error);
    }
  }

  private async fetch(key: string): Promise<CollectedRendition> {
    const { bucket, out, destinationPrefix } = this.settings;
    if (!key.startsWith(destinationPrefix))
      throw new Error(
        `the rendition ${key} is not below the destination prefix ${destinationPrefix}`,
      );
    const { body, bytes } = await bucket.get(key);
    return { key, ...(await out.write(key.slice(destinationPrefix.length), body, bytes)) };
  }
}
