import type { Recipe } from '../../application-code/worker/src/image/recipe';
import type { LogLevel } from '../../application-code/worker/src/log-lines';

/** What a local pipeline may differ in. Everything is optional; the defaults are those of `LOCAL_DEFAULTS`. */
export interface ProvisionSettings {
  /** Endpoint of the ECS front (`startEcsFront`); without it the scaler talks to the emulator's own ECS. */
  readonly ecsEndpoint?: string;
  /** Renditions wanted. Default: the worker's own default recipe. */
  readonly recipe?: Recipe;
  readonly maxTasks?: number;
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
  /** False leaves the schedule out: the scaler then runs only when it is invoked. Default true. */
  readonly schedule?: boolean;
}
