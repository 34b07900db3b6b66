import { DEFAULT_WORKLOAD } from '../../application-code/workloads';
import { STOP_TIMEOUT_SECONDS } from '../../contract/task-definition';
import type { ScalerSettings, WorkerSettings } from '../../contract/variables';
import type { PipelineSettings } from '../../stacks/config/blueprint-config';
import { DEFAULT_PIPELINE } from '../../stacks/config/defaults';

/** The settings of a deployed pipeline that mean the same on one machine. */
type SharedSettings = Omit<WorkerSettings, 'recipe'> &
  ScalerSettings &
  Pick<PipelineSettings, 'cpuUnits' | 'retentionDays' | 'suffixes'>;

export interface LocalSettings extends SharedSettings {
  /** Name of a folder below `application-code/`. */
  readonly workload: string;
  /** A recipe of the workload. */
  readonly recipe: unknown;
  /**
   * Endpoint of the ECS front (`startEcsProxy`); without it the scaler talks to the emulator's own
   * ECS.
   */
  readonly ecsEndpoint?: string;
  /** From SIGTERM to SIGKILL, 1 to 120 seconds. */
  readonly stopTimeoutSeconds: number;
  /** Further variables of the worker; they win over all others. */
  readonly workerEnvironment: Readonly<Record<string, string>>;
  /** False leaves the schedule out: the scaler then runs only when it is invoked. */
  readonly schedule: boolean;
}

/**
 * What a local pipeline may differ in. Everything is optional; the defaults are those of
 * `LOCAL_DEFAULTS`.
 */
export type ProvisionSettings = Partial<LocalSettings>;

/**
 * The deployed defaults, except where one machine differs from a region:
 *
 * - `jobsPerTask` 25, not 100: a local task starts in half a second and no minute of it is billed.
 * - `idleExitSeconds` 3, not 20: nobody pays for a restart, and the end of a run waits for it.
 * - `jobConcurrency` 4, not 0: a task is told one vCPU of a machine whose CPUs all tasks share, and
 *   the emulator answers within a few milliseconds, so few jobs hide its latency.
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
