import type { Prices } from '../contract/prices';
import type { PipelineSettings } from '../stacks/config/blueprint-config';

/** Objects that arrive at even intervals from one second to another; at once where both are one. */
export interface Arrivals {
  readonly from: number;
  readonly to: number;
  /** 0 or more. */
  readonly objects: number;
}

/** What AWS and the jobs are like: nothing of it is a setting of the pipeline. */
export interface Figures {
  /** Seconds that a job occupies one slot of a busy task. */
  readonly jobSeconds: number;
  /** Standard deviation of that time, as a part of it; 0: every job takes the same. */
  readonly jobSpread: number;
  /** Jobs that a task works on at a time. */
  readonly slots: number;
  /** Seconds from RunTask until the worker receives, on average. */
  readonly startSeconds: number;
  /** Standard deviation of that time, as a part of it. */
  readonly startSpread: number;
  /** The first of these seconds, in which nothing is billed: no image is downloaded yet. */
  readonly unbilledSeconds: number;
  /** Interruptions of one Spot task in an hour, 0 or more. */
  readonly interruptionsPerHour: number;
  /** Most Spot tasks at a time that there is capacity for; absent: there is always more. */
  readonly spotTasks?: number;
  /** When capacity for Spot ends: its tasks are interrupted, and none starts; absent: never. */
  readonly spotEndsAtSeconds?: number;
  /** Quotas of the account; absent: they do not limit. */
  readonly onDemandVcpus?: number;
  readonly spotVcpus?: number;
  /** Free addresses of each subnet; absent: there is always one more. */
  readonly freeAddresses?: readonly number[];
  /** Part of the messages that SQS delivers twice, 0 to 1. */
  readonly duplicates: number;
  /** Part of the tasks that end with an error as soon as they start, 0 to 1. */
  readonly failingTasks: number;
  /** Outputs of an object; each is one PUT, unless they go into shards. */
  readonly outputsPerObject: number;
  /** Bytes of all records of an object in a shard. */
  readonly sampleBytes: number;
  /** Bytes that a worker logs for each object. */
  readonly logBytesPerObject: number;
}

/** One question to the simulator. */
export interface Scenario {
  /** What tells it from the others of a comparison, such as `drain-within`. */
  readonly name: string;
  readonly settings: PipelineSettings;
  readonly region: string;
  /** Whether each task has a public address, which is billed. */
  readonly hasPublicAddress: boolean;
  readonly figures: Figures;
  /** Those that are not us-east-1's. */
  readonly prices?: Partial<Prices>;
  /** Of the scaler's schedule; below a minute, as local mode may call it: of runs by hand. */
  readonly runEverySeconds: number;
  /** When the first run comes: half of that time, as a rule. */
  readonly firstRunSeconds: number;
  readonly arrivals: readonly Arrivals[];
  /** The same seed has the same outcome. */
  readonly seed: number;
}
