import type { JobLine, ProgressLine } from '../application-code/worker/src/log-lines';
import type { OutputPlan } from '../application-code/worker/src/workload/recipe';
import type { WakeUps } from './provision/wake-ups';

/** A running AWS emulator on a loopback port. */
export interface Emulator {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Resolves with a sentence when the emulator ends without a stop; otherwise never. */
  readonly died: Promise<string>;
  /** Stops it and removes its files. A second call does nothing. */
  stop(): Promise<void>;
}

/** What provisioning made on the emulator: the resources that the stacks make on AWS. */
export interface Pipeline {
  readonly endpoint: string;
  /** The ECS proxy, which knows exit codes; without a proxy the emulator itself. */
  readonly ecsEndpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly sourceBucket: string;
  readonly sourcePrefix: string;
  readonly destinationBucket: string;
  readonly destinationPrefix: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly cluster: string;
  readonly taskFamily: string;
  readonly scalerFunctionName: string;
  /** What lets uploads run the scaler; absent for `wake: 'schedule'`. */
  readonly wakeUps?: WakeUps;
  /** SSM path of the runtime knobs, with a slash at its end. */
  readonly parameterPath: string;
  /** What one of its tasks has. */
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  /** Name of its folder below `application-code/`. */
  readonly workload: string;
  /** What the workload makes of every source object. */
  readonly outputs: readonly OutputPlan[];
}

export type CapacityProvider = 'FARGATE' | 'FARGATE_SPOT';

/** ECS's codes for the end of a task. */
export type StopCode =
  | 'EssentialContainerExited'
  | 'TaskFailedToStart'
  | 'UserInitiated'
  | 'SpotInterruption';

/** A task as the task runner sees it. */
export interface TaskView {
  readonly taskArn: string;
  readonly capacityProvider: CapacityProvider;
  readonly lastStatus: 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  /** Milliseconds since the epoch. */
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly exitCode?: number;
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
}

/** Plays Fargate: one process per ECS task. */
export interface TaskRunner {
  start(): Promise<void>;
  /** Every task of this run, stopped ones included, in the order of their launch. */
  tasks(): readonly TaskView[];
  /**
   * Stops looking for new tasks and drains the running ones: SIGTERM, then SIGKILL after the stop
   * timeout.
   */
  stop(): Promise<void>;
}

/** What a task runner reports while it runs. */
export interface TaskRunnerEvents {
  readonly onJob: (line: JobLine, task: TaskView) => void;
  readonly onProgress: (line: ProgressLine, task: TaskView) => void;
  readonly onTaskStopped: (task: TaskView, logTail: readonly string[]) => void;
}
