/**
 * What the operator's commands need of AWS, at the size they need; `aws/` implements it, tests play
 * it.
 */

import type { Parameters } from '../deployer/ports';
import type { SourceBody } from '../folder/read-source';
import type { ScheduledEvent } from '../lambda/scaler/scheduled-minute';

/** The parameters as the commands use them. */
export interface NamedParameters extends Parameters {
  /** Full names and values of all parameters below a path, at any depth. */
  below(path: string): Promise<ReadonlyMap<string, string>>;
}

/** Approximate message counts, in the words of SQS: visible, not visible, delayed. */
export interface QueueDepth {
  readonly backlog: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** A message attribute; `text` for strings and numbers, `bytes` for binary ones. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, and what a sender put behind it. */
  readonly dataType: string;
  readonly text?: string;
  readonly bytes?: Uint8Array;
}

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

export interface QueueMessage extends OutgoingMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** SentTimestamp in milliseconds since the epoch. What SQS itself moved keeps its first one. */
  readonly sentAt: number;
}

/** One entry of a batch that the service did not take. */
export interface BatchFailure {
  /** Position in the batch. */
  readonly index: number;
  readonly code: string;
}

/** Another receive would put more messages in flight than the queue allows. */
export class TooManyInFlight extends Error {
  override readonly name = 'TooManyInFlight';
}

export interface Queue {
  depth(): Promise<QueueDepth>;
  /**
   * One long poll for at most `most` (1 to 10) messages, hidden from others for `hiddenSeconds`.
   * @throws TooManyInFlight
   */
  receive(most: number, hiddenSeconds: number): Promise<readonly QueueMessage[]>;
  /** Sends 1 to 10 messages, together at most 256 KiB unless it is one alone. */
  send(messages: readonly OutgoingMessage[]): Promise<readonly BatchFailure[]>;
  /** Deletes 1 to 10 messages. */
  remove(receiptHandles: readonly string[]): Promise<readonly BatchFailure[]>;
  /** Hides 1 to 10 messages that are hidden for `hiddenSeconds` from now on. */
  extend(
    receiptHandles: readonly string[],
    hiddenSeconds: number,
  ): Promise<readonly BatchFailure[]>;
  /** Makes 1 to 10 messages visible at once. */
  release(receiptHandles: readonly string[]): Promise<readonly BatchFailure[]>;
  /** Deletes every message, also those that are hidden now. */
  purge(): Promise<void>;
}

/** How a move that SQS makes by itself stands. */
export interface MoveState {
  /** SQS's own word: `RUNNING`, `COMPLETED`, `CANCELLING`, `CANCELLED` or `FAILED`. */
  readonly status: string;
  readonly moved: number;
  /** Absent where SQS does not know. */
  readonly toMove?: number;
  readonly failure?: string;
}

/** A move of all messages of one queue to another, made by SQS. */
export interface Move {
  state(): Promise<MoveState>;
  cancel(): Promise<void>;
}

export interface Queues {
  /** @throws Error that names the queue when there is none. */
  open(name: string): Promise<Queue>;
  /** @returns undefined where the endpoint has no such call. */
  moveAll(from: string, to: string, perSecond: number): Promise<Move | undefined>;
}

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
  /** The newest line that tells of a run since `from`; undefined when there is none. */
  lastRun(name: string, from: Date): Promise<Readonly<Record<string, unknown>> | undefined>;
}

export type CapacityProvider = 'FARGATE' | 'FARGATE_SPOT';

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
  /** Tasks that somebody else started, canaries among them, are not counted. */
  readonly startedBy: string;
  /** Where ECS is, when it is not where everything else is. */
  readonly endpoint?: string;
}

export interface Tasks {
  fleet(place: FleetPlace): Promise<Fleet>;
  /** Tasks that have been told to stop, and have not yet. They take no more jobs. */
  stopping(place: FleetPlace): Promise<number>;
}

export interface Metrics {
  /**
   * Age in seconds of a queue's oldest message, as CloudWatch had it last; undefined when it has
   * none of the last minutes.
   */
  oldestMessageSeconds(queueName: string, now: number): Promise<number | undefined>;
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
  /** The run that a version of the source has started; undefined while there is none. */
  runOf(pipeline: string, sourceVersion: string): Promise<DeliveryRun | undefined>;
}

export interface BucketPlace {
  readonly bucket: string;
  /** Account that must own it, twelve digits; absent where nobody says. */
  readonly owner?: string;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Without quotes. */
  readonly etag: string;
}

/** What tells whether an object is the same as a file. */
export interface ObjectPrint {
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Without quotes; an MD5 unless the bucket encrypts with a KMS key. */
  readonly etag: string;
  /** Base64; absent when it was not uploaded with one. */
  readonly sha256?: string;
  /** Absent where the bucket keeps no versions. */
  readonly versionId?: string;
  /** What its writer said of it. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Parts of one object that are held and sent together. */
export const PARTS_AT_A_TIME = 4;

export interface PutOptions {
  /** Breaks off what is under way. */
  readonly signal: AbortSignal;
  /** Told, after each part of what goes up in parts, how many bytes have been sent. */
  readonly onSent: (bytes: number) => void;
}

export interface Buckets {
  /**
   * All objects below a prefix, in the order of their keys' bytes, after `startAfter`; pages are
   * fetched as they are used.
   */
  list(place: BucketPlace, prefix: string, startAfter?: string): AsyncIterable<ListedObject>;
  /** @returns undefined when there is no such object. */
  look(place: BucketPlace, key: string, signal?: AbortSignal): Promise<ObjectPrint | undefined>;
  /**
   * Writes one object; its whole body or nothing. What is large goes up in parts, at most
   * `PARTS_AT_A_TIME` together; an end before the last one, `signal` among them, takes those away
   * again that are there.
   */
  put(place: BucketPlace, key: string, source: SourceBody, options: PutOptions): Promise<void>;
}
