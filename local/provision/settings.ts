import { DEFAULT_RECIPE, type Recipe } from '../../application-code/worker/src/image/recipe';
import type { LogLevel } from '../../application-code/worker/src/log-lines';

/** What a local pipeline may differ in. Everything is optional; the defaults are those of `LOCAL_DEFAULTS`. */
export interface ProvisionSettings {
  /** Endpoint of the ECS front (`startEcsFront`); without it the scaler talks to the emulator's own ECS. */
  readonly ecsEndpoint?: string;
  /** Renditions wanted. Default: the worker's own default recipe. */
  readonly recipe?: Recipe;
  /** 0 to 5,000. */
  readonly maxTasks?: number;
  /** 1 to 120,000. */
  readonly jobsPerTask?: number;
  readonly onDemandBase?: number;
  readonly onDemandWeight?: number;
  readonly spotWeight?: number;
  /** Seconds of empty receives after which a task ends itself. */
  readonly idleExitSeconds?: number;
  readonly visibilityTimeoutSeconds?: number;
  readonly jobTimeoutSeconds?: number;
  readonly maxAttempts?: number;
  /** Jobs at a time in one task; 0 lets the worker decide from the CPUs that it sees. */
  readonly jobConcurrency?: number;
  /** 1,024 are one vCPU. Only told to ECS and the bill: nothing throttles a local process. */
  readonly cpuUnits?: number;
  /** Also told to the worker as `MEMORY_LIMIT_MIB`. */
  readonly memoryMiB?: number;
  /** From SIGTERM to SIGKILL, 1 to 120 seconds. */
  readonly stopTimeoutSeconds?: number;
  readonly logLevel?: LogLevel;
  /** Further variables of the worker; they win over all others. */
  readonly workerEnvironment?: Readonly<Record<string, string>>;
  /** False leaves the schedule out: the scaler then runs only when it is invoked. */
  readonly schedule?: boolean;
}

export type LocalSettings = Required<Omit<ProvisionSettings, 'ecsEndpoint'>> &
  Pick<ProvisionSettings, 'ecsEndpoint'>;

/**
 * The deployed defaults, except where one machine differs from a region:
 *
 * - `jobsPerTask` 25, not 100: a local task starts in half a second and no minute of it is billed.
 * - `idleExitSeconds` 3, not 20: nobody pays for a restart, and the end of a run waits for it.
 * - `jobConcurrency` 4, not 0: a task is told one vCPU of a machine whose CPUs all tasks share, and the emulator answers
 *   within a few milliseconds, so few jobs hide its latency.
 */
export const LOCAL_DEFAULTS: LocalSettings = {
  recipe: DEFAULT_RECIPE,
  maxTasks: 10,
  jobsPerTask: 25,
  onDemandBase: 2,
  onDemandWeight: 1,
  spotWeight: 4,
  idleExitSeconds: 3,
  visibilityTimeoutSeconds: 120,
  jobTimeoutSeconds: 120,
  maxAttempts: 8,
  jobConcurrency: 4,
  cpuUnits: 1024,
  memoryMiB: 2048,
  stopTimeoutSeconds: 120,
  logLevel: 'info',
  workerEnvironment: {},
  schedule: true,
};
