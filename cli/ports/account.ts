/** What the operator's commands need of AWS; `aws/` implements it, tests fake it. */

import type { DatasetBuckets, OpenPorts, Progress } from '../../dataset/ports';
import type { Images, Parameters, TaskDefinitions } from '../../deployer/ports';
import type { CapacityProvider } from '../../lambda/scaler/ports';
import type { ScheduledEvent } from '../../lambda/scaler/scheduled-minute';
import type { Buckets } from './buckets';
import type { DatasetTasks } from './dataset-tasks';
import type { Queues } from './queues';
import type { WakeUpCheckup } from './wake-up-checkup';

/** Where a pipeline is. */
export interface Place {
  readonly region: string;
  /** Loopback URL of the emulator of a local run; absent: AWS. */
  readonly endpoint?: string;
}

/** AWS as the commands see it. */
export interface Account {
  readonly taskDefinitions: TaskDefinitions;
  readonly parameters: NamedParameters;
  readonly images: Images;
  readonly queues: Queues;
  readonly scaler: Scaler;
  readonly tasks: Tasks;
  readonly metrics: Metrics;
  readonly jobs: Jobs;
  readonly buckets: Buckets;
  readonly datasetTasks: DatasetTasks;
  /** The buckets of a pipeline as its dataset sees them, until `close`. */
  readonly openDataset: (buckets: DatasetBuckets, progress: Progress) => OpenPorts;
  readonly checkup: Checkup;
  readonly deliveries: Deliveries;
}

/** The parameters as the commands use them. */
export interface NamedParameters extends Parameters {
  /** Full names and values of all parameters below a path, at any depth. */
  below(path: string): Promise<ReadonlyMap<string, string>>;
}

/** A run of the schedule or by hand, or one for which an upload asks, as its line calls it. */
export type RunKind = 'scale' | 'wake-up';

export interface Scaler {
  /**
   * The variables of its function: what is deployed, by the names of the scaler's `environment.ts`.
   */
  variables(name: string): Promise<Readonly<Record<string, string>>>;
  /**
   * Runs it once and waits for its end.
   * @returns the line that the run wrote.
   * @throws Error with the function's own message when it failed.
   */
  invoke(name: string, event: ScheduledEvent): Promise<Readonly<Record<string, unknown>>>;
  /** The newest line of a run of this kind since `from`; undefined without one. */
  lastRun(
    name: string,
    from: Date,
    kind: RunKind,
  ): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** Tasks of one capacity provider. */
export interface TaskCounts {
  readonly running: number;
  readonly pending: number;
}

export type Fleet = Readonly<Record<CapacityProvider, TaskCounts>>;

export interface FleetPlace {
  /** Name or ARN. */
  readonly cluster: string;
  readonly family: string;
  /** Tasks that others started, such as canaries, are not counted. */
  readonly startedBy: string;
  /** Endpoint of ECS, where it is not the usual one. */
  readonly endpoint?: string;
}

/** Times are milliseconds since the epoch; those that have not come are absent. */
export interface TaskLife {
  readonly capacityProvider: CapacityProvider;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  /** Whether Spot took its capacity back. */
  readonly isInterrupted: boolean;
}

export interface Tasks {
  fleet(place: FleetPlace): Promise<Fleet>;
  /** Those that ECS lists: the active ones, and those that stopped within about an hour. */
  lives(place: FleetPlace): Promise<readonly TaskLife[]>;
  /** Tasks that are stopping. They take no further jobs. */
  stopping(place: FleetPlace): Promise<number>;
  /**
   * Stops the tasks that are kept warm, which finish their jobs first. Returns how many there were.
   */
  stopWarm(place: FleetPlace): Promise<number>;
}

/** How far a job was when it said so last. */
export interface JobProgress {
  /** Of its source object. */
  readonly key: string;
  /** 0 to 1. */
  readonly fraction: number;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Jobs {
  /** Jobs that have said since `from` how far they are, by the log of their tasks. */
  progress(logGroup: string, from: Date): Promise<readonly JobProgress[]>;
}

/** How a pipeline was in a minute, as its workers and its scaler told CloudWatch. */
export interface PipelineMinute {
  /** Its begin, in milliseconds since the epoch. */
  readonly at: number;
  /** Jobs that ended well. */
  readonly jobs: number;
  /** From receive to end, of all these jobs together. */
  readonly milliseconds: number;
  readonly backlog: number;
  readonly inFlight: number;
  /** Running ones of all capacity providers. */
  readonly tasks: number;
}

/** Milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Metrics {
  /**
   * Age in seconds of a queue's oldest message, as CloudWatch had it last; undefined when it has
   * none of the last minutes.
   */
  oldestMessageSeconds(queueName: string, now: number): Promise<number | undefined>;
  /** Minutes of a pipeline that have data, the earliest first; CloudWatch keeps 15 days of them. */
  minutes(
    pipeline: Readonly<Record<'environment' | 'pipeline', string>>,
    span: Span,
  ): Promise<readonly PipelineMinute[]>;
}

/** A quota of Service Quotas, by its code or, where that differs between accounts, its name. */
export interface QuotaId {
  readonly service: string;
  readonly code?: string;
  readonly name: string;
}

/** What `doctor` asks beyond a status. Each question may be refused; then it was not looked at. */
export interface Checkup {
  /**
   * `PENDING`, `AVAILABLE` or `ERROR`; undefined when no connection of that name, or ARN, is
   * listed.
   */
  connectionStatus(nameOrArn: string): Promise<string | undefined>;
  /** Whether a delivery pipeline was saved with a trigger for pushes. */
  hearsPushes(pipeline: string): Promise<boolean>;
  /** Endpoints subscribed to a topic, by its name, and confirmed. */
  confirmedEndpoints(topic: string): Promise<readonly string[]>;
  /** IPv4 addresses that are free in these subnets together. */
  freeAddresses(subnetIds: readonly string[]): Promise<number>;
  /** VPCs of the account in the region. */
  vpcs(): Promise<number>;
  /** Elastic IP addresses of the account in the region. */
  elasticIps(): Promise<number>;
  /** undefined where the account has no such quota. */
  quota(id: QuotaId): Promise<number | undefined>;
  /** Whether a bucket sends its events to EventBridge. */
  usesEventBridge(bucket: string): Promise<boolean>;
  readonly wakeUps: WakeUpCheckup;
}

/** One action of a run of a delivery pipeline. */
export interface DeliveryAction {
  /** Stage and name, such as `Build BuildArm64`. */
  readonly name: string;
  /** CodePipeline's own word: `InProgress`, `Succeeded`, `Failed` or `Abandoned`. */
  readonly status: string;
  readonly error?: string;
  /** Where its log is. */
  readonly url?: string;
}

export interface DeliveryRun {
  /** CodePipeline's own word, such as `InProgress`, `Succeeded`, `Failed` or `Superseded`. */
  readonly status: string;
  /** In the order in which they began. */
  readonly actions: readonly DeliveryAction[];
}

export interface Deliveries {
  /** The run that a version of the source has started; undefined before it exists. */
  runOf(pipeline: string, sourceVersion: string): Promise<DeliveryRun | undefined>;
}
