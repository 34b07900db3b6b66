import type { QueueDepth } from '../../lambda/scaler/ports';
import type { FolderStore } from '../dataset/folder-store';
import type { PipelineBuckets } from '../files/buckets';
import { Ledger } from '../files/ledger';
import type { OutFolder } from '../files/out-folder';
import type { PipelineQueues } from '../files/queues';
import type { Pipeline, TaskRunner } from '../ports';
import { type Snapshot, Throughput } from '../view/snapshot';
import { FolderUpload } from './folder-upload';
import { outputKeys } from './found-job';
import { Results } from './results';
import { RunningJobs } from './running-jobs';

interface FolderRunParts {
  readonly folder: string;
  /** Relative paths that are ignored. */
  readonly ignore: readonly string[];
  /** Endings of the keys that S3 announces; none: all. */
  readonly suffixes: readonly string[];
  readonly pipeline: Pipeline;
  readonly buckets: PipelineBuckets;
  readonly queues: PipelineQueues;
  readonly out: OutFolder;
  readonly tasks: Pick<TaskRunner, 'tasks'>;
  /** Leaves everything on the emulator. */
  readonly keep: boolean;
  /** Takes the parts of a dataset; absent in a run whose outputs are objects. */
  readonly parts?: FolderStore;
  /** Seconds that one job may take. */
  readonly jobTimeoutSeconds: number;
  /** Seconds since the start of the run. */
  readonly elapsedSeconds: () => number;
}

/** One folder on its way through the pipeline: its upload, its results, and how far they are. */
export class FolderRun {
  readonly ledger = new Ledger();
  readonly upload: FolderUpload;
  readonly results: Results;
  /** Jobs under way, where the workload says how far they are. */
  readonly jobs: RunningJobs;
  private readonly throughput = new Throughput();
  private depth: QueueDepth = { backlog: 0, inFlight: 0, delayed: 0 };
  private moved = { seconds: 0, state: '' };
  private searched = '';

  constructor(private readonly parts: FolderRunParts) {
    const { ledger } = this;
    const { buckets, pipeline } = parts;
    this.jobs = new RunningJobs(pipeline.sourcePrefix);
    this.upload = new FolderUpload({
      ...parts,
      ledger,
      bucket: buckets,
      sourcePrefix: pipeline.sourcePrefix,
    });
    const onSettled = (bytes: number) => this.upload.release(bytes);
    this.results = new Results({ ...parts, ledger, onSettled });
  }

  /** Looks at the queues once. @returns what the run has to do next. */
  async look(): Promise<NextStep> {
    await this.results.take();
    this.depth = await this.parts.queues.depth();
    this.noteMovement();
    const step = this.nextStep();
    if (step === 'search' && this.searched !== this.moved.state) {
      this.searched = this.moved.state;
      await this.results.search();
    }
    return step;
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
    const filesPerSecond = this.throughput.at(elapsedSeconds, figures.done + figures.deadLettered);
    const states = this.parts.tasks.tasks().map((task) => task.lastStatus);
    const count = (status: string) => states.filter((one) => one === status).length;
    return {
      phase,
      elapsedSeconds,
      ...figures,
      isUploading: this.upload.isRunning,
      progress: this.jobs.progress(),
      skipped: this.upload.skipped.count,
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
    return this.depth.backlog > 0 && this.liveTasks() === 0;
  }

  private liveTasks(): number {
    return this.parts.tasks.tasks().filter((task) => task.lastStatus !== 'STOPPED').length;
  }

  private nextStep(): NextStep {
    const { uploaded, done, deadLettered } = this.ledger.figures();
    return nextStep({
      isUploading: this.upload.isRunning,
      unsettled: Math.max(uploaded - done - deadLettered, this.results.pending),
      depth: this.depth,
      liveTasks: this.liveTasks(),
      quietSeconds: this.parts.elapsedSeconds() - this.moved.seconds,
      jobTimeoutSeconds: this.parts.jobTimeoutSeconds,
    });
  }

  private noteMovement(): void {
    const { elapsedSeconds, filesPerSecond: _throughput, ...figures } = this.snapshot('running');
    const state = JSON.stringify([figures, this.results.pending]);
    if (state !== this.moved.state) this.moved = { seconds: elapsedSeconds, state };
  }
}

/** What is known of a run. */
interface RunState {
  readonly isUploading: boolean;
  /** Uploaded objects that have neither all their outputs in `out/` nor a dead letter. */
  readonly unsettled: number;
  readonly depth: QueueDepth;
  /** Tasks that have not stopped. */
  readonly liveTasks: number;
  /** Seconds since anything changed: an upload, a message, a task, an output. */
  readonly quietSeconds: number;
  /** Seconds for which a job may change nothing. */
  readonly jobTimeoutSeconds: number;
}

/**
 * What to do next. `complete`: all objects are accounted for. `search`: the queue is empty and an
 * object is missing, so look for outputs that no worker reported. `stalled`: nothing moves.
 */
type NextStep = 'wait' | 'complete' | 'search' | 'stalled';

/**
 * Longer than any pause of a healthy run: the hidden message of a killed task returns after two
 * minutes.
 */
export const STALLED_SECONDS = 300;

/** The tasks' idle exit takes a few seconds. A task that has not ended by then is drained. */
export const IDLE_EXIT_PATIENCE_SECONDS = 15;

/** An event needs a moment from the bucket to the queue, and a report from the task to us. */
export const SEARCH_AFTER_SECONDS = 3;

/** An object that is missing for this time, with an empty queue, is lost. */
export const LOST_SECONDS = 30;

/** Decides whether a run continues. */
export function nextStep(state: RunState): NextStep {
  const { isUploading, unsettled, depth, liveTasks, quietSeconds, jobTimeoutSeconds } = state;
  const isEmpty = depth.backlog + depth.inFlight + depth.delayed === 0;
  const isWorking = liveTasks > 0 && depth.inFlight > 0;
  const patience = STALLED_SECONDS + (isWorking ? jobTimeoutSeconds : 0);
  if (quietSeconds >= patience) return 'stalled';
  if (isUploading || !isEmpty) return 'wait';
  if (unsettled === 0)
    return liveTasks === 0 || quietSeconds >= IDLE_EXIT_PATIENCE_SECONDS ? 'complete' : 'wait';
  if (quietSeconds >= LOST_SECONDS) return 'stalled';
  return quietSeconds >= SEARCH_AFTER_SECONDS ? 'search' : 'wait';
}
