import type { Bill } from '../contract/bill';
import type { TasksByProvider } from '../lambda/scaler/ports';

/**
 * The answer of the simulator, and the document of `--json`.
 *
 * Seconds count from the start of the scenario, when its first objects may arrive. `samples` are
 * what a chart draws: one for each stretch of `sampleSeconds`, in the order of time, 2 to about 720
 * of them however long the run takes. The first is the moment 0, the last one the end. The counts
 * of a sample are those at its end; `arrived`, `done` and `dollars` are sums from the start, so
 * that they never fall, and `dollars` ends at the sum of the bill.
 */
export interface Outcome {
  /** Of the scenario. */
  readonly name: string;
  readonly seed: number;
  readonly objects: ObjectCounts;
  /**
   * From the first arrival until the last object was done; absent when some were not done at the
   * end.
   */
  readonly drainedSeconds?: number;
  /** When the last task had stopped, or the simulator gave up. */
  readonly endSeconds: number;
  /** From an object's arrival until it is done. */
  readonly waitSeconds: WaitSeconds;
  readonly tasks: TaskTotals;
  readonly bill: Bill;
  /** What kept the pipeline from being faster, the longest first. */
  readonly limits: readonly Limit[];
  readonly sampleSeconds: number;
  readonly samples: readonly Sample[];
}

/** Objects, each counted once: `arrived` is the sum of the others but `doneTwice`. */
export interface ObjectCounts {
  readonly arrived: number;
  readonly done: number;
  /** At the end, in the queue or in the hands of a worker. */
  readonly left: number;
  /** Dropped by SQS at the end of the retention period. */
  readonly expired: number;
  /** Jobs done again, for a message delivered twice or a job that an interruption cut short. */
  readonly doneTwice: number;
}

/** Absent fields: no object was done. */
export interface WaitSeconds {
  readonly median?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly longest?: number;
}

export interface TaskTotals {
  /** Most tasks at a time, pending ones included. */
  readonly most: number;
  readonly mostByProvider: TasksByProvider;
  readonly launched: TasksByProvider;
  /** Spot tasks that were interrupted. */
  readonly interrupted: number;
  /** Billed seconds of all tasks. */
  readonly billedSeconds: TasksByProvider;
  /** Part of the billed seconds on Spot, 0 to 1; 0 without any. */
  readonly spotShare: number;
}

/** A bound that was met, and what would move it. */
export interface Limit {
  /** Such as `max-tasks`: a setting, or a quota of AWS. */
  readonly what: string;
  /** Runs of the scaler that met it. */
  readonly runs: number;
  /** One sentence for a person. */
  readonly advice: string;
}

export interface Sample {
  /** End of the stretch. */
  readonly seconds: number;
  readonly arrived: number;
  readonly done: number;
  /** Visible messages. */
  readonly backlog: number;
  readonly inFlight: number;
  /** Tasks whose worker receives or finishes jobs. */
  readonly running: TasksByProvider;
  /** Tasks that are starting. */
  readonly pending: TasksByProvider;
  /** Cost so far. */
  readonly dollars: number;
  /** Of the objects that were done in this stretch; absent without any. */
  readonly waitSeconds?: Required<Pick<WaitSeconds, 'median' | 'p95'>>;
}
