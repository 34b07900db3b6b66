import { setTimeout as delay } from 'node:timers/promises';
import type { JobLine } from '../../application-code/worker/src/log-lines';
import type { LocalModeError } from '../../folder/errors';
import type { FolderStore } from '../dataset/folder-store';
import { PartCollector } from '../dataset/part-collector';
import type { PipelineBuckets } from '../files/buckets';
import { type CollectedOutput, Collector, type FinishedJob } from '../files/collect';
import { readDeadLetter } from '../files/dead-letter';
import type { Ledger } from '../files/ledger';
import { diskFault, type OutFolder } from '../files/out-folder';
import type { PipelineQueues } from '../files/queues';
import type { Pipeline } from '../ports';
import { foundJob, lookFor, namedOutputs } from './found-job';

const FETCHES_AT_A_TIME = 8;

export interface ResultsParts {
  readonly pipeline: Pipeline;
  readonly buckets: PipelineBuckets;
  readonly queues: PipelineQueues;
  readonly out: OutFolder;
  readonly ledger: Ledger;
  /** Leaves everything on the emulator. */
  readonly keep: boolean;
  /** Takes the parts of a dataset; absent in a run whose outputs are objects. */
  readonly parts?: FolderStore;
  /** Called once for each object that needs nothing else, with its size. */
  readonly onSettled: (bytes: number) => void;
}

/** The way of outputs and dead letters from the pipeline to `out/` and into the ledger. */
export class Results {
  /** Why outputs could not be fetched, by source key. */
  readonly notCollected = new Map<string, string>();
  /** Set when nothing can be written any longer. */
  fatal: LocalModeError | undefined;
  private readonly collector: Collector;
  private readonly partCollector: PartCollector | undefined;
  private takingParts: Promise<number> | undefined;
  /** Receipt handles of the dead letters that stay in their queue. */
  private readonly keptLetters: string[] = [];

  constructor(private readonly settings: ResultsParts) {
    const { buckets, out, pipeline, keep, ledger, parts: store } = settings;
    const { destinationPrefix } = pipeline;
    this.partCollector =
      store &&
      new PartCollector({
        bucket: buckets,
        ...{ destinationPrefix, store, keep },
        onSource: async (key, sample) => {
          ledger.sampled(key, sample);
          await this.finish(key);
        },
      });
    this.collector = new Collector(
      { bucket: buckets, out, destinationPrefix, concurrency: FETCHES_AT_A_TIME, keep },
      {
        onCollected: (job, outputs) => this.collected(job, outputs),
        onFailed: (job, error) => void this.notCollected.set(job.sourceKey, sentenceOf(error)),
        onFatal: (error) => {
          this.fatal = error;
        },
      },
    );
  }

  /** Jobs whose outputs are not in `out/` yet. */
  get pending(): number {
    return this.collector.pending;
  }

  /** Fetches what a worker reports as done. */
  readonly onJob = (line: JobLine): void => {
    if (line.outcome === 'done' && line.key !== undefined && line.renditions !== undefined)
      this.collector.add({
        sourceKey: line.key,
        outputs: namedOutputs(line.key, line.renditions, this.settings.pipeline),
        skipped: line.skipped ?? [],
      });
  };

  /** The parts that were fetched; undefined in a run whose outputs are objects. */
  get parts(): Pick<PartCollector, 'count' | 'sources'> | undefined {
    return this.partCollector;
  }

  /** Takes the dead letters that have come, and has parts fetched meanwhile. */
  async take(): Promise<void> {
    this.takingParts ??= this.takeParts().finally(() => {
      this.takingParts = undefined;
    });
    await this.takeDeadLetters();
  }

  /** A part that could not be fetched stays where it is, and the next look tries it again. */
  private async takeParts(): Promise<number> {
    try {
      const taken = (await this.partCollector?.look()) ?? 0;
      this.notCollected.delete(PARTS);
      return taken;
    } catch (error) {
      this.fatal = diskFault(this.settings.out.folder, error);
      this.notCollected.set(PARTS, sentenceOf(error));
      return 0;
    }
  }

  /** @returns the number of dead letters that were there. */
  private async takeDeadLetters(): Promise<number> {
    const { queues, ledger, keep } = this.settings;
    const letters = await queues.receiveDeadLetters();
    for (const letter of letters) {
      const record = readDeadLetter(letter);
      const isOurs = ledger.deadLettered(record);
      if (keep) this.keptLetters.push(letter.receiptHandle);
      else await queues.removeDeadLetter(letter.receiptHandle);
      if (isOurs && record.key !== undefined) await this.finish(record.key);
    }
    return letters.length;
  }

  /** Waits until all that the tasks have finished is fetched, and all dead letters are read. */
  async settle(): Promise<void> {
    await this.collector.finished();
    await this.takingParts;
    while ((await this.takeDeadLetters()) + (await this.takeParts()) > 0) await delay(0);
    if (this.settings.keep)
      await Promise.all(this.keptLetters.map((one) => this.settings.queues.releaseDeadLetter(one)));
  }

  /** Fetches nothing else: the emulator is gone, or the disk is full. */
  abandon(): void {
    this.collector.stop();
  }

  /**
   * Looks for outputs of jobs that no worker reported: a task that is killed just after its
   * acknowledgement cannot report. Parts are taken without a report.
   */
  async search(): Promise<void> {
    if (this.partCollector) return;
    const { pipeline, buckets, ledger } = this.settings;
    for (const { key, outputs, deadLetters } of ledger.uploadedEntries()) {
      if (outputs.length > 0 || deadLetters.length > 0) continue;
      const job = foundJob(key, await lookFor(key, pipeline, buckets));
      if (job) this.collector.add(job);
    }
  }

  private async collected(job: FinishedJob, outputs: readonly CollectedOutput[]): Promise<void> {
    this.settings.ledger.collected(job.sourceKey, outputs, job.skipped);
    this.notCollected.delete(job.sourceKey);
    await this.finish(job.sourceKey);
  }

  /** Removes a source object that needs nothing else from the emulator. */
  private async finish(key: string): Promise<void> {
    const { buckets, ledger, keep, onSettled } = this.settings;
    if (!keep) await buckets.removeSource(key);
    const file = ledger.settle(key);
    if (file !== undefined) onSettled(file.bytes);
  }
}

/** What stands in the place of a source key where parts could not be fetched. */
const PARTS = 'parts of the dataset';

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
