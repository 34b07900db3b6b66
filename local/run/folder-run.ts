import { setTimeout as delay } from 'node:timers/promises';
import type { JobLine } from '../../application-code/worker/src/log-lines';
import type { LocalModeError } from '../../folder/folder-error';
import { HeldBytes } from '../../folder/held-bytes';
import type { Skipped } from '../../folder/skipped';
import { walk } from '../../folder/walk';
import type { Buckets } from '../files/buckets';
import { type CollectedOutput, Collector, type FinishedJob } from '../files/collect';
import { readDeadLetter } from '../files/dead-letter';
import { Ledger } from '../files/ledger';
import type { OutFolder } from '../files/out-folder';
import type { QueueDepth, Queues } from '../files/queues';
import { uploadFiles } from '../files/upload';
import type { Pipeline, TaskRunner } from '../ports';
import { Pace } from '../view/pace';
import type { Snapshot } from '../view/snapshot';
import { foundJob, lookFor, namedOutputs, outputKeys } from './found-job';
import { type Verdict, verdictOn } from './next-step';

const UPLOADS_AT_A_TIME = 8;
const FETCHES_AT_A_TIME = 8;
const KEPT_SKIPS = 1_000;

/** Bytes of unfinished source objects that the emulator, which keeps them in memory, may hold. */
const HELD_BYTES = 512 * 1024 * 1024;

export interface SessionParts {
  readonly folder: string;
  /** Relative paths that are passed over. */
  readonly ignore: readonly string[];
  readonly pipeline: Pipeline;
  readonly buckets: Buckets;
  readonly queues: Queues;
  readonly out: OutFolder;
  readonly tasks: Pick<TaskRunner, 'tasks'>;
  /** Leaves everything on the emulator. */
  readonly keep: boolean;
  /** Seconds since the start of the run. */
  readonly elapsedSeconds: () => number;
}

/**
 * One folder on its way through the pipeline: what goes up, what comes back, and the books about
 * both.
 */
export class Session {
  readonly ledger = new Ledger();
  readonly skipped: { readonly first: Skipped[]; count: number } = { first: [], count: 0 };
  /** Files and folders that an operating system left behind. */
  passedOver = 0;
  /** Why outputs could not be fetched, by source key. */
  readonly notCollected = new Map<string, string>();
  /** Set when nothing more can be written. */
  fatal: LocalModeError | undefined;
  isUploading = true;
  private readonly stopUpload = new AbortController();
  private readonly held: HeldBytes;
  private readonly collector: Collector;
  private readonly pace = new Pace();
  private readonly keptLetters: string[] = [];
  private depth: QueueDepth = { backlog: 0, inFlight: 0, delayed: 0 };
  private moved = { seconds: 0, what: '' };
  private searched = '';

  constructor(private readonly parts: SessionParts) {
    this.held = new HeldBytes(parts.keep ? Number.POSITIVE_INFINITY : HELD_BYTES);
    this.collector = new Collector(
      {
        bucket: parts.buckets,
        out: parts.out,
        destinationPrefix: parts.pipeline.destinationPrefix,
        concurrency: FETCHES_AT_A_TIME,
        keep: parts.keep,
      },
      {
        onCollected: (job, outputs) => this.collected(job, outputs),
        onFailed: (job, error) => void this.notCollected.set(job.sourceKey, sentenceOf(error)),
        onFatal: (error) => {
          this.fatal = error;
        },
      },
    );
  }

  /** Uploads the whole folder. */
  async upload(): Promise<void> {
    const { folder, ignore, pipeline, buckets } = this.parts;
    const prefix = pipeline.sourcePrefix;
    const files = walk(folder, {
      ignore,
      maxPathBytes: 1_024 - Buffer.byteLength(prefix),
      onPassedOver: () => {
        this.passedOver += 1;
      },
    });
    const settings = {
      bucket: buckets,
      sourcePrefix: prefix,
      concurrency: UPLOADS_AT_A_TIME,
      held: this.held,
      signal: this.stopUpload.signal,
    };
    await uploadFiles(files, settings, {
      onUploading: (key, file) => this.ledger.uploading(key, file),
      onUploaded: (key) => this.ledger.uploaded(key),
      onSkipped: (skipped, key) => this.leftOut(skipped, key),
    });
    this.isUploading = false;
  }

  /** For the task runner: what a worker said of a job. */
  readonly onJob = (line: JobLine): void => {
    if (line.outcome === 'done' && line.key !== undefined && line.renditions !== undefined)
      this.collector.add({
        sourceKey: line.key,
        outputs: namedOutputs(line.key, line.renditions, this.parts.pipeline),
        skipped: line.skipped ?? [],
      });
  };

  /** One look at the queues; says how the run stands after it. */
  async look(): Promise<Verdict> {
    await this.takeDeadLetters();
    this.depth = await this.parts.queues.depth();
    this.noteMovement();
    const verdict = this.verdict();
    if (verdict === 'search') await this.search();
    return verdict;
  }

  /** Uploads no more; what is under way is broken off. */
  stopUploading(): void {
    this.stopUpload.abort();
    this.held.open();
  }

  /**
   * Waits until what the tasks have finished is in `out/`, and what they gave up is in the books.
   */
  async settle(): Promise<void> {
    await this.collector.finished();
    while ((await this.takeDeadLetters()) > 0) await delay(0);
    if (this.parts.keep)
      await Promise.all(this.keptLetters.map((one) => this.parts.queues.releaseDeadLetter(one)));
  }

  /** Fetches nothing more: the emulator is gone, or the disk is full. */
  abandon(): void {
    this.collector.stop();
  }

  /** Keys of all outputs that an object must have, without those that were skipped. */
  expectedOf(key: string, skipped: readonly string[]): readonly string[] {
    const { outputs, ...prefixes } = this.parts.pipeline;
    const wanted = outputs.filter(({ name }) => !skipped.includes(name));
    return outputKeys(key, { ...prefixes, outputs: wanted });
  }

  snapshot(phase: Snapshot['phase']): Snapshot {
    const figures = this.ledger.figures();
    const elapsedSeconds = this.parts.elapsedSeconds();
    const filesPerSecond = this.pace.at(elapsedSeconds, figures.done + figures.deadLettered);
    const states = this.parts.tasks.tasks().map((task) => task.lastStatus);
    const count = (status: string) => states.filter((one) => one === status).length;
    return {
      phase,
      elapsedSeconds,
      ...figures,
      isUploading: this.isUploading,
      skipped: this.skipped.count,
      backlog: this.depth.backlog,
      inFlight: this.depth.inFlight + this.depth.delayed,
      tasks: {
        pending: count('PENDING'),
        running: count('RUNNING'),
        stopping: count('STOPPING'),
        stopped: count('STOPPED'),
      },
      ...(filesPerSecond === undefined ? {} : { filesPerSecond }),
    };
  }

  /** True when messages wait and no task is there to take them. */
  get isWaitingForTasks(): boolean {
    return (
      this.depth.backlog > 0 &&
      this.parts.tasks.tasks().every((task) => task.lastStatus === 'STOPPED')
    );
  }

  private verdict(): Verdict {
    const { uploaded, done, deadLettered } = this.ledger.figures();
    return verdictOn({
      isUploading: this.isUploading,
      unsettled: Math.max(uploaded - done - deadLettered, this.collector.pending),
      depth: this.depth,
      liveTasks: this.parts.tasks.tasks().filter((task) => task.lastStatus !== 'STOPPED').length,
      quietSeconds: this.parts.elapsedSeconds() - this.moved.seconds,
    });
  }

  private noteMovement(): void {
    const { elapsedSeconds: _now, filesPerSecond: _pace, ...state } = this.snapshot('running');
    const what = JSON.stringify([state, this.collector.pending]);
    if (what !== this.moved.what) this.moved = { seconds: this.parts.elapsedSeconds(), what };
  }

  private async collected(job: FinishedJob, outputs: readonly CollectedOutput[]): Promise<void> {
    this.ledger.collected(job.sourceKey, outputs, job.skipped);
    this.notCollected.delete(job.sourceKey);
    await this.finish(job.sourceKey);
  }

  /** @returns how many there were. */
  private async takeDeadLetters(): Promise<number> {
    const { queues, keep } = this.parts;
    const letters = await queues.receiveDeadLetters();
    for (const letter of letters) {
      const record = readDeadLetter(letter);
      const isOurs = this.ledger.deadLettered(record);
      if (keep) this.keptLetters.push(letter.receiptHandle);
      else await queues.removeDeadLetter(letter.receiptHandle);
      if (isOurs && record.key !== undefined) await this.finish(record.key);
    }
    return letters.length;
  }

  /**
   * Frees the emulator of a source object that needs nothing more, and lets another one up in its
   * place.
   */
  private async finish(key: string): Promise<void> {
    if (!this.parts.keep) await this.parts.buckets.removeSource(key);
    const file = this.ledger.settle(key);
    if (file !== undefined) this.held.release(file.bytes);
  }

  /**
   * A task that was killed just after its acknowledgement could not report: its outputs are
   * there all the same.
   */
  private async search(): Promise<void> {
    if (this.searched === this.moved.what) return;
    this.searched = this.moved.what;
    for (const { key, outputs, deadLetters } of this.ledger.uploadedEntries()) {
      if (outputs.length > 0 || deadLetters.length > 0) continue;
      const { pipeline, buckets } = this.parts;
      const job = foundJob(key, await lookFor(key, pipeline, buckets));
      if (job) this.collector.add(job);
    }
  }

  private leftOut(skipped: Skipped, key?: string): void {
    if (key !== undefined) this.ledger.withdrawn(key);
    if (key !== undefined && this.stopUpload.signal.aborted) return;
    this.skipped.count++;
    if (this.skipped.first.length < KEPT_SKIPS) this.skipped.first.push(skipped);
  }
}

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
