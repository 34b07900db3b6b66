import type { Clock } from './clock';
import type { WorkerEnvironment } from './environment';
import type { JobPorts, JobSettings } from './job/job';
import type { SampleCollector } from './job/samples';
import type { Log } from './log';
import type { DeadLetterQueue, WorkQueue } from './queue/ports';
import type { Tally } from './tally';
import type { OnInterruption } from './workload/recipe';

/** Everything outside the worker. `aws/` has S3 and SQS, a workload has the processor. */
export interface WorkerPorts extends Omit<JobPorts, 'clock'> {
  readonly queue: WorkQueue;
  readonly deadLetters: DeadLetterQueue;
  /** Collects samples of a dataset; without it outputs are objects of their own. */
  readonly samples?: SampleCollector | undefined;
}

/**
 * The part of the environment that shapes the work. `WorkerEnvironment` has ranges and defaults.
 */
export type WorkerSettings = JobSettings &
  Pick<
    WorkerEnvironment,
    | 'jobConcurrency'
    | 'visibilityTimeoutSeconds'
    | 'jobTimeoutSeconds'
    | 'maxAttempts'
    | 'maxInterruptions'
    | 'idleExitSeconds'
    | 'maxTaskSeconds'
    | 'drainDeadlineSeconds'
  > &
  Partial<Pick<WorkerEnvironment, 'jobLimit'>> & {
    /** What SIGTERM does to jobs that are under way. */
    readonly onInterruption: OnInterruption;
  };

/** Real by default; a test brings its own. */
export interface WorkerSeams {
  readonly clock: Clock;
  /** 0 to less than 1. */
  readonly random: () => number;
  /** Where lines go; nowhere by default. */
  readonly log: Log;
  readonly tally: Tally;
}
