import { text } from 'node:stream/consumers';
import PQueue from 'p-queue';
import { nameOfListed, parseManifest } from '../../application-code/worker/src/job/manifest';
import type { SkippedOutput } from '../../application-code/worker/src/workload/recipe';
import { LocalModeError } from '../../folder/errors';
import type { OutFile, OutFolder } from './out-folder';

/** What collecting needs of the destination bucket. */
export interface DestinationBucket {
  /** @throws Error when the object does not exist. */
  get(key: string): Promise<{ readonly body: AsyncIterable<Uint8Array>; readonly bytes: number }>;
  remove(key: string): Promise<void>;
  /** The metadata of an object; undefined when it does not exist. */
  metadataOf(key: string): Promise<Readonly<Record<string, string>> | undefined>;
}

/** A source object, after the worker has written all its outputs. */
export interface FinishedJob {
  readonly sourceKey: string;
  readonly outputs: readonly NamedOutput[];
  /** Outputs that cannot be made of it, and that its recipe makes optional. */
  readonly skipped?: readonly SkippedOutput[];
}

/** An output in the destination bucket. */
export interface NamedOutput {
  /** Its name in the recipe. */
  readonly name: string;
  readonly key: string;
  /** Whether it lists outputs, which are then collected before it. */
  readonly isManifest?: boolean;
}

/** An output in `out/`. */
export interface CollectedOutput extends OutFile, NamedOutput {}

export interface CollectSettings {
  readonly bucket: DestinationBucket;
  readonly out: Pick<OutFolder, 'write'>;
  readonly destinationPrefix: string;
  /** Jobs at a time. */
  readonly concurrency: number;
  /** Leaves the fetched outputs in the bucket. */
  readonly keep: boolean;
}

export interface CollectEvents {
  /** Called when all outputs of one object are in `out/`. */
  readonly onCollected: (job: FinishedJob, outputs: readonly CollectedOutput[]) => Promise<void>;
  /**
   * Called when an output of an object could not be fetched. All its outputs stay in the bucket,
   * and it may be added again.
   */
  readonly onFailed: (job: FinishedJob, error: unknown) => void;
  /** Called when nothing can be written any longer, such as on a full disk. */
  readonly onFatal: (error: LocalModeError) => void;
}

/** Fetches outputs during the run, so that the emulator holds only those of unfinished jobs. */
export class Collector {
  private readonly jobs: PQueue;
  private readonly seen = new Set<string>();
  private stopped = false;

  constructor(
    private readonly settings: CollectSettings,
    private readonly events: CollectEvents,
  ) {
    this.jobs = new PQueue({ concurrency: settings.concurrency });
  }

  /** Takes a finished job once. A message that came twice makes the same job twice. */
  add(job: FinishedJob): void {
    if (this.stopped || this.seen.has(job.sourceKey)) return;
    this.seen.add(job.sourceKey);
    void this.jobs.add(() => this.collect(job));
  }

  /** Jobs that are not in `out/` yet. */
  get pending(): number {
    return this.jobs.size + this.jobs.pending;
  }

  /** Resolves when every job that was added is in `out/` or has failed. */
  async finished(): Promise<void> {
    await this.jobs.onIdle();
  }

  /** Takes no more jobs. What is being written is finished. */
  stop(): void {
    this.stopped = true;
    this.jobs.clear();
  }

  private async collect(job: FinishedJob): Promise<void> {
    try {
      const collected: CollectedOutput[] = [];
      for await (const output of this.outputsOf(job)) collected.push(await this.fetch(output));
      await this.events.onCollected(job, collected);
      if (!this.settings.keep)
        await Promise.all(collected.map(({ key }) => this.settings.bucket.remove(key)));
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

  private async *outputsOf({ outputs }: FinishedJob): AsyncGenerator<NamedOutput> {
    for (const output of outputs) {
      if (output.isManifest) yield* await this.listedIn(output.key);
      yield output;
    }
  }

  private async listedIn(manifestKey: string): Promise<readonly NamedOutput[]> {
    const { outputs } = parseManifest(
      await text((await this.settings.bucket.get(manifestKey)).body),
    );
    const { length } = this.settings.destinationPrefix;
    return outputs.map(({ key }) => ({ key, name: nameOfListed(key.slice(length)) }));
  }

  private async fetch({ name, key }: NamedOutput): Promise<CollectedOutput> {
    const { bucket, out, destinationPrefix } = this.settings;
    if (!key.startsWith(destinationPrefix))
      throw new Error(`the output ${key} is not below the destination prefix ${destinationPrefix}`);
    const { body, bytes } = await bucket.get(key);
    return { name, key, ...(await out.write(key.slice(destinationPrefix.length), body, bytes)) };
  }
}
