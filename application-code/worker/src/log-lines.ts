import type { SkippedOutput } from './workload/recipe';

/**
 * The lines that a worker writes to standard output, one JSON object each. They are a contract:
 * local mode, dashboards and `grep` read them. Every line has `timestamp` (ISO 8601), `level` and
 * `event`.
 */

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * How one job ended. `done`: all outputs written. `gone`: the source object no longer exists.
 * `ignored`: a test event or a folder marker. `left-out`: a dataset does without it, by its recipe.
 * `dead-lettered` and `released` name their fault. `interrupted`: released by a drain, or another
 * worker held the message.
 */
export type JobOutcome =
  | 'done'
  | 'gone'
  | 'ignored'
  | 'left-out'
  | 'dead-lettered'
  | 'released'
  | 'interrupted';

/**
 * One per source object of a job, when the job ends; for a sample of a dataset, when its part is
 * written, without `messageId` and phases. The workload adds numbers of its own, such as `pixels`.
 */
export interface JobLine {
  readonly event: 'job';
  readonly outcome: JobOutcome;
  readonly messageId?: string;
  /** Decoded source key; absent where the message could not be read. */
  readonly key?: string;
  /** Size of the source object. */
  readonly bytes?: number;
  /** Keys of the outputs written. */
  readonly renditions?: readonly string[];
  /** Its name in a part, where the outputs are a sample of a dataset. */
  readonly sample?: string;
  /** Outputs that cannot be made and that the recipe does without; absent if all were made. */
  readonly skipped?: readonly SkippedOutput[];
  readonly receiveCount: number;
  /**
   * Milliseconds per phase; `total` runs from the receive to the outcome, before the
   * acknowledgement, without the time that a sample waits for its part.
   */
  readonly milliseconds?: {
    readonly wait?: number;
    readonly read?: number;
    readonly render?: number;
    readonly write?: number;
    readonly total: number;
  };
  readonly faultCode?: string;
  readonly faultMessage?: string;
  /** Why it was `ignored`, `left-out` or `interrupted`. */
  readonly because?: string;
}

/** Why a part was closed. `redelivery`: its message had been received before. */
export type PartEnd = 'samples' | 'mebibytes' | 'seconds' | 'redelivery' | 'outage' | 'end';

/** A part of a dataset that is written, with its index. */
export interface PartLine {
  readonly event: 'part';
  /** Name of its two objects, without their folders. */
  readonly part: string;
  readonly samples: number;
  readonly leftOut: number;
  readonly bytes: number;
  readonly because: PartEnd;
  /** That its writing took. */
  readonly milliseconds: number;
}

/** How far a job is, where its workload says so: one line in some seconds, at most. */
export interface ProgressLine {
  readonly event: 'progress';
  readonly jobId: string;
  /** Decoded source key. */
  readonly key: string;
  /** 0 to 1. */
  readonly fraction: number;
  /** In the words of the workload, on one line; empty where it says none. */
  readonly text: string;
}

/** The last line of a worker that ended in order. */
export interface SummaryLine {
  readonly event: 'summary';
  /** Why it ended. */
  readonly reason:
    | 'idle'
    | 'drained'
    | 'task-age'
    | 'job-limit'
    | 'job-timeout'
    | 'outage'
    | 'error';
  readonly done: number;
  readonly deadLettered: number;
  readonly released: number;
  /** Of a dataset: sources that its recipe leaves out, and parts that were written. */
  readonly leftOut?: number;
  readonly parts?: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly peakRssMiB: number;
  readonly exitCode: number;
  /** Lines that the worker wrote, this one included; the log adds it. */
  readonly logLines?: number;
}

/**
 * Exit codes of the worker. The scaler's brake reads them: a task with a code other than `ok` and
 * `errorAfterProgress` failed before it had finished a job.
 */
export const EXIT_CODES = {
  /** Idle, drained or aged. */
  ok: 0,
  /** An unexpected error before any job was finished. */
  error: 1,
  /** A missing or wrong environment variable. */
  usage: 2,
  /** An unexpected error, or a decoder that does not end, after at least one finished job. */
  errorAfterProgress: 3,
  /** A bucket has failed for every job for ten minutes (EX_TEMPFAIL). */
  destinationFailing: 75,
} as const;
