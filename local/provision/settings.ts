import { ENGINE_MIB } from '../../application-code/worker/src/job-size';
import type { JobSize } from '../../application-code/worker/src/workload/recipe';
import { DEFAULT_WORKLOAD } from '../../application-code/workloads';
import { pipelineNames, pipelinePrefix } from '../../contract/names';
import { STOP_TIMEOUT_SECONDS } from '../../contract/task-definition';
import type { ScalerSettings, WorkerSettings } from '../../contract/variables';
import type { PipelineSettings } from '../../stacks/config/blueprint-config';
import { smallestTask, type TaskSize } from '../../stacks/config/pipeline-settings';
import { DEFAULT_NAME, DEFAULT_PIPELINE } from '../../stacks/config/schema';

/** The settings of a deployed pipeline that mean the same on one machine. */
type SharedSettings = Omit<WorkerSettings, 'recipe'> &
  Omit<ScalerSettings, 'jobsAtATime'> &
  Pick<PipelineSettings, 'cpuUnits' | 'retentionDays' | 'suffixes'>;

export interface LocalSettings extends SharedSettings {
  /** Name of a folder below `application-code/`. */
  readonly workload: string;
  /** A recipe of the workload. */
  readonly recipe: unknown;
  /**
   * Endpoint of the proxy for ECS and CloudWatch; without it the scaler uses the emulator's own.
   */
  readonly ecsEndpoint?: string;
  /** From SIGTERM to SIGKILL, 1 to 120 seconds. */
  readonly stopTimeoutSeconds: number;
  /** Further variables of the worker, which win over all others. */
  readonly workerEnvironment: Readonly<Record<string, string>>;
  /** Without a schedule, the scaler runs only when it is invoked. */
  readonly schedule: boolean;
}

/** The size of a task for such jobs: the default, or what one of them needs. */
export function taskSizeFor(job: JobSize = { cpus: 0, memoryMiB: 0 }): TaskSize {
  const { cpuUnits, memoryMiB } = LOCAL_DEFAULTS;
  const needed = smallestTask({
    cpus: Math.max(job.cpus, cpuUnits / 1_024),
    memoryMiB: Math.max(job.memoryMiB, memoryMiB - ENGINE_MIB),
  });
  return needed ?? { cpuUnits, memoryMiB };
}

/** Settings that differ from `LOCAL_DEFAULTS`. */
export type ProvisionSettings = Partial<LocalSettings>;

/**
 * The defaults of a deploy, with these exceptions:
 *
 * - `jobsPerTask` 25, not 100: a local task starts in half a second, and no minute of it is billed.
 * - `idleExitSeconds` 3, not 20: a restart costs nothing, and the end of a run waits for it.
 * - `jobConcurrency` 4, not 0: all tasks share the CPUs of the machine, and the emulator answers
 *   within a few milliseconds, so that a few jobs hide its latency.
 */
export const LOCAL_DEFAULTS: LocalSettings = {
  ...DEFAULT_PIPELINE,
  workload: DEFAULT_WORKLOAD,
  jobsPerTask: 25,
  idleExitSeconds: 3,
  jobConcurrency: 4,
  stopTimeoutSeconds: STOP_TIMEOUT_SECONDS,
  workerEnvironment: {},
  schedule: true,
};

const ENVIRONMENT = 'local';

/** Names of everything in one local pipeline. None depends on an answer of the emulator. */
export interface Names extends ReturnType<typeof pipelineNames> {
  readonly environment: string;
  readonly pipeline: string;
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  readonly cluster: string;
}

/**
 * @param suffix lower-case letters and digits; separates the pipelines on one emulator.
 */
export function namesOf(suffix: string): Names {
  const pipeline = `photos-${suffix}`;
  const id = { blueprint: DEFAULT_NAME, environment: ENVIRONMENT, pipeline };
  const prefix = pipelinePrefix(id);
  return {
    ...pipelineNames(id),
    environment: ENVIRONMENT,
    pipeline,
    sourceBucket: `${prefix}-source`,
    destinationBucket: `${prefix}-destination`,
    cluster: prefix,
  };
}
