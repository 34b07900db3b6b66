/**
 * What the scaler needs of AWS, at the size it needs; `aws/` implements it, tests and
 * benchmarks fake it.
 */

import type { UploadRecord } from './uploads';

export type CapacityProvider = 'FARGATE' | 'FARGATE_SPOT';

/** A number of tasks per capacity provider. */
export type TasksByProvider = Readonly<Record<CapacityProvider, number>>;

/** The approximate message counts of the work queue. */
export interface QueueDepth {
  /** ApproximateNumberOfMessages: visible, so that a worker that starts now gets them. */
  readonly backlog: number;
  /** ApproximateNumberOfMessagesNotVisible: held by a worker, or backing off after a fault. */
  readonly inFlight: number;
  /** ApproximateNumberOfMessagesDelayed: not yet deliverable for the first time. */
  readonly delayed: number;
}

interface Task {
  /** `family:revision`. */
  readonly taskDefinition: string;
  readonly capacityProvider: CapacityProvider;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /**
   * When its containers started, in milliseconds since the epoch; absent before, or when they never
   * did.
   */
  readonly startedAt?: number;
}

/** A task of this scaler that ECS wants to run. */
export interface ActiveTask extends Task {
  /** `pending` from PROVISIONING to ACTIVATING. */
  readonly state: 'pending' | 'running';
  /** Id of the subnet from which it has yet to take its address; absent once it has one. */
  readonly awaitsAddressIn?: string;
  /** Whether it was launched to stay when the queue is empty. */
  readonly isWarm?: boolean;
}

/**
 * What kept a task from starting, whatever its revision: its capacity provider had no room, its
 * subnet no free address, the account no vCPUs left; its image could not be pulled; or a secret,
 * the registry, its log or its network interface was unavailable.
 */
export type StartFault =
  | 'lack-of-capacity'
  | 'no-addresses'
  | 'vcpu-quota'
  | 'image-unavailable'
  | 'resources-unavailable';

/** A task of this scaler that has stopped; ECS lists those for about an hour. */
export interface StoppedTask extends Task {
  /** Milliseconds since the epoch. */
  readonly stoppedAt: number;
  /** ECS's stop code, such as `EssentialContainerExited`; empty when ECS sends no code. */
  readonly stopCode: string;
  /** Exit code of the worker's container; absent when it never ran. */
  readonly exitCode?: number;
  /** Why it could not start; absent when it did, or when its own revision was the reason. */
  readonly startFault?: StartFault;
  /** Id of its subnet; absent where ECS does not say. */
  readonly subnet?: string;
}

/**
 * Most tasks that one RunTask call takes:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
export const TASKS_PER_CALL = 10;

/** The tasks of one RunTask call. */
export interface LaunchBatch {
  /** `family:revision`, or the ARN of a task definition. */
  readonly taskDefinition: string;
  readonly capacityProvider: CapacityProvider;
  /** Ids of the subnets that ECS may choose from, at least one. */
  readonly subnets: readonly string[];
  /** 1 to 10. */
  readonly count: number;
  /** Variables that its tasks have instead of those of their task definition. */
  readonly variables: Readonly<Record<string, string>>;
  /** Makes a repeated call launch nothing more; at most 64 characters. */
  readonly clientToken: string;
}

/** What became of a launch batch, in tasks; the six counts add up to the batch. */
export interface LaunchResult {
  readonly launched: number;
  /** An earlier run of the same minute launched this batch. */
  readonly alreadyLaunched: number;
  /** The capacity provider has no room now. */
  readonly lackOfCapacity: number;
  /** The account runs as many vCPUs as its quota allows: the next run tries again. */
  readonly overQuota: number;
  /** Throttles and faults of the service: the next run tries again. */
  readonly retryable: number;
  /** Nothing but a change of the pipeline can help. */
  readonly permanent: number;
  /** In the service's words, one per distinct failure. */
  readonly reasons: readonly string[];
}

/** No task asked for, none launched. */
export const NOTHING_LAUNCHED: LaunchResult = {
  launched: 0,
  alreadyLaunched: 0,
  lackOfCapacity: 0,
  overQuota: 0,
  retryable: 0,
  permanent: 0,
  reasons: [],
};

/** The sum of two batches. */
export function addResults(a: LaunchResult, b: LaunchResult): LaunchResult {
  return {
    launched: a.launched + b.launched,
    alreadyLaunched: a.alreadyLaunched + b.alreadyLaunched,
    lackOfCapacity: a.lackOfCapacity + b.lackOfCapacity,
    overQuota: a.overQuota + b.overQuota,
    retryable: a.retryable + b.retryable,
    permanent: a.permanent + b.permanent,
    reasons: [...a.reasons, ...b.reasons],
  };
}

export interface Parameters {
  /** Name below the pipeline's path to value, such as `max-tasks` to `20`. */
  read(): Promise<ReadonlyMap<string, string>>;
}

export interface WorkQueue {
  depth(): Promise<QueueDepth>;
}

/** Free addresses by the id of a subnet. */
export type FreeAddresses = ReadonlyMap<string, number>;

export interface Network {
  /** Of every subnet of the tasks, or it throws. */
  freeAddresses(): Promise<FreeAddresses>;
}

/** What wake-ups need besides: in a flood there is one every second. */
export interface Fleet {
  /** Whether there is an active task. It looks at a few tasks alone, however many there are. */
  isActive(): Promise<boolean>;
}

/** The queue of wake-ups, all of one message group. */
export interface WakeUps {
  /** Until a message that was received is visible again, none of its group is received. */
  hide(upload: UploadRecord, seconds: number): Promise<void>;
}

/** Jobs that workers ended in one minute, as their metrics tell. */
export interface JobMinute {
  /** Begin of the minute, in milliseconds since the epoch. */
  readonly at: number;
  readonly jobs: number;
  /** From receive to outcome, of all these jobs together. */
  readonly milliseconds: number;
}

export interface JobMetrics {
  /** Of the hour before `now`, in milliseconds since the epoch. */
  recent(now: number): Promise<readonly JobMinute[]>;
}

export interface Tasks {
  /** Most tasks of one launch; absent: {@link TASKS_PER_CALL}. A model of large fleets has more. */
  readonly tasksPerCall?: number;
  active(): Promise<readonly ActiveTask[]>;
  stopped(): Promise<readonly StoppedTask[]>;
  /** Never throws for what the service answers: that is counted in the result. */
  launch(batch: LaunchBatch): Promise<LaunchResult>;
}
