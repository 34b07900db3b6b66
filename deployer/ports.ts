import type { Clock } from '../application-code/worker/src/clock';
import type { CanaryOutput } from '../application-code/worker/src/workload/canary';

/**
 * What a deploy needs of the outside world. `aws/` implements it, tests use fakes.
 */

/**
 * A container of a task definition, as ECS describes it. Only what is read here has a name; all
 * other fields are passed on.
 */
export interface ContainerDescription {
  readonly name: string;
  readonly image: string;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly [field: string]: unknown;
}

/**
 * A revision as RegisterTaskDefinition takes it: without the fields that only ECS fills.
 */
export interface TaskDefinition {
  readonly family: string;
  readonly containerDefinitions: readonly ContainerDescription[];
  readonly [field: string]: unknown;
}

export interface Revision {
  /** `family:revision`. */
  readonly name: string;
  readonly arn: string;
  /** `false` once it is deregistered. */
  readonly isActive: boolean;
  /** Milliseconds since the epoch; absent where ECS does not say. */
  readonly registeredAt?: number;
  readonly definition: TaskDefinition;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TaskDefinitions {
  /** @param revision `family:revision` or an ARN. @returns undefined when it does not exist. */
  describe(revision: string): Promise<Revision | undefined>;
  register(definition: TaskDefinition, tags: Readonly<Record<string, string>>): Promise<Revision>;
  /** @param revision `family:revision` or an ARN. */
  deregister(revision: string): Promise<void>;
  /** ARNs of the active revisions of one family, newest first. */
  list(family: string): Promise<readonly string[]>;
}

export interface ParameterValue {
  readonly value: string;
  /** Grows by one with every write. */
  readonly version: number;
}

/** One version of a parameter. */
export interface ParameterVersion {
  readonly value: string;
  /** When it was written, by SSM's clock; milliseconds since the epoch. */
  readonly modifiedAt: number;
}

export interface Parameters {
  /** @throws Error that names the parameter when it does not exist. */
  read(name: string): Promise<ParameterValue>;
  /** @returns the version that this write made. */
  write(name: string, value: string): Promise<number>;
  /** The value that a version had. */
  readVersion(name: string, version: number): Promise<string>;
  /**
   * All versions that are kept, newest first; the one of now is the first.
   * @throws Error that names the parameter when it does not exist.
   */
  history(name: string): Promise<readonly ParameterVersion[]>;
}

/** The images of one ECR repository. */
export interface Images {
  /** @param digest `sha256:…`. */
  has(repository: string, digest: string): Promise<boolean>;
  /**
   * Adds a tag to an image, so that the repository's lifecycle keeps it. A tag that it has already
   * changes nothing.
   */
  tag(repository: string, digest: string, tag: string): Promise<void>;
}

/** The request for a canary's task. */
/** Where a task runs, and what it is. */
export interface TaskPlace {
  /** Name or ARN. */
  readonly cluster: string;
  /** `family:revision`. */
  readonly revision: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly assignPublicIp: boolean;
}

export interface CanaryLaunch extends TaskPlace {
  readonly pipeline: string;
  /** Override those of the worker's container. */
  readonly variables: Readonly<Record<string, string>>;
  /** At most 64 characters. A repeated launch with the same token starts no second task. */
  readonly clientToken: string;
}

/** A task that was accepted, or why none was. */
export type LaunchResult =
  | { readonly kind: 'accepted'; readonly taskArn: string }
  /** `isLasting`: another try cannot help. */
  | { readonly kind: 'refused'; readonly because: string; readonly isLasting: boolean };

export interface CanaryTask {
  readonly isStopped: boolean;
  /** ECS's own word, such as `TaskFailedToStart`. */
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly {
    readonly name: string;
    readonly exitCode?: number;
    readonly reason?: string;
  }[];
}

export interface CanaryTasks {
  launch(launch: CanaryLaunch): Promise<LaunchResult>;
  /** @returns undefined when ECS does not know the task. */
  look(cluster: string, taskArn: string): Promise<CanaryTask | undefined>;
  stop(cluster: string, taskArn: string, reason: string): Promise<void>;
}

export interface Bucket {
  readonly name: string;
  /** Account that must own it, twelve digits. */
  readonly accountId: string;
}

export interface Objects {
  put(bucket: Bucket, key: string, body: Buffer, contentType: string): Promise<void>;
  /** @returns undefined when it does not exist. */
  get(bucket: Bucket, key: string): Promise<CanaryOutput | undefined>;
  keys(bucket: Bucket, prefix: string): Promise<readonly string[]>;
  remove(bucket: Bucket, key: string): Promise<void>;
}

/** A message of a dead-letter queue. What the worker did not write is absent. */
export interface DeadLetter {
  readonly receiptHandle: string;
  readonly body: string;
  readonly faultCode?: string;
  readonly faultMessage?: string;
}

export interface CanaryQueues {
  send(queueUrl: string, bodies: readonly string[]): Promise<void>;
  /** All that can be seen; each is hidden from others for a few seconds only. */
  deadLetters(queueUrl: string): Promise<readonly DeadLetter[]>;
  remove(queueUrl: string, receiptHandle: string): Promise<void>;
}

export interface TaskLogs {
  /** The last lines of a stream, oldest first; none when the stream does not exist yet. */
  tail(group: string, stream: string, lines: number): Promise<readonly string[]>;
}

/** Everything outside of the deployer. */
export interface DeployPorts {
  readonly taskDefinitions: TaskDefinitions;
  readonly parameters: Parameters;
  readonly images: Images;
  readonly tasks: CanaryTasks;
  readonly objects: Objects;
  readonly queues: CanaryQueues;
  readonly logs: TaskLogs;
  readonly clock: Clock;
  /** A name that no run had before: letters, digits and hyphens, at most 40. */
  readonly newRunId: () => string;
  /** Prints a line into the build's log. */
  readonly say: (line: string) => void;
  /** Aborted when the deploy must stop. */
  readonly signal: AbortSignal;
}
