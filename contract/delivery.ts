import { DEFAULT_WORKLOAD } from '../application-code/workloads';
import { DEPLOYER_VARIABLES, type VariableName as DeployerVariable } from '../deployer/environment';
import { type ValuesOf, type VariableOf, variablesOf } from '../text/variables';

/** CPU architecture of a task, in the words of the configuration. */
export type Architecture = 'arm64' | 'x86_64';

/**
 * The two variables by which images of builds reach the deployer: the digest of each workload, such
 * as `images=sha256:…,povray=sha256:…`; one without a name is of the default workload. A workload
 * that is not there has the image that is current.
 */
export const IMAGE_DIGEST_VARIABLES = {
  arm64: 'IMAGE_DIGEST_ARM64',
  x86_64: 'IMAGE_DIGEST_X86_64',
} as const satisfies Record<Architecture, DeployerVariable>;

/** A digest as {@link IMAGE_DIGEST_VARIABLES} names it; that of the default workload is alone. */
export function namedDigest(workload: string, digest: string): string {
  return workload === DEFAULT_WORKLOAD ? digest : `${workload}=${digest}`;
}

/** Parameters below a pipeline's `deliveryPath`. */
export const DELIVERY_PARAMETERS = {
  /** A {@link DeliveryTarget} as JSON; a deploy of the stacks writes it. */
  target: 'target',
  /** A {@link DeployOutcome} as JSON, or `none`; the deployer writes it. */
  outcome: 'outcome',
} as const;

/** The value of the parameter `outcome` until something has been deployed. */
export const NO_OUTCOME_YET = 'none';

/** Everything that the deployer must know of one pipeline. */
export interface DeliveryTarget {
  readonly pipeline: string;
  readonly workload: string;
  readonly architecture: Architecture;
  /**
   * ARN of the revision that the last deploy of the stacks described, in the family
   * `…-worker-template`.
   */
  readonly templateRevision: string;
  /** Family of the revisions that are promoted. */
  readonly taskFamily: string;
  /** Name or ARN. */
  readonly cluster: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly assignPublicIp: boolean;
  /** With a slash at both ends; `task-definition` lies below it. */
  readonly parameterPath: string;
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  /** Account of both buckets, twelve digits. */
  readonly accountId: string;
  readonly canaryQueueUrl: string;
  readonly canaryDeadLetterQueueUrl: string;
  readonly workerLogGroup: string;
  /** Name of the ECR repository of the workload's images. */
  readonly repository: string;
  /** Its URI, without tag or digest. */
  readonly repositoryUri: string;
}

/** How the last deploy of a pipeline's image went. */
export interface DeployOutcome {
  /** `unchanged`: what is promoted differs from it in nothing, so that no canary ran. */
  readonly result: 'promoted' | 'refused' | 'unchanged';
  /** ISO 8601, UTC. */
  readonly at: string;
  /**
   * `family:revision`, the promoted one when it is unchanged; absent when none could be registered.
   */
  readonly revision?: string;
  /** Why it was refused, at most 1,000 characters. */
  readonly reason?: string;
}

/**
 * Where a pipeline's canaries read and write. No notification is raised here, and a lifecycle rule
 * clears what a crash left.
 */
export const CANARY_PREFIX = 'canary/';

/** `canary/photos/`. */
export function canaryPrefix(pipeline: string): string {
  return `${CANARY_PREFIX}${pipeline}/`;
}

/** Tells canary tasks from those of the scaler. */
export const CANARY_STARTED_BY = 'spillway-canary';
/** A task with this tag may be stopped by the deployer; no other may. */
export const CANARY_TAG = { key: 'spillway:canary', value: 'true' } as const;

/**
 * Begins the tags of the images that a pipeline has promoted, which the repository keeps longest;
 * the revision's number follows.
 */
export function promotedTagPrefix(pipeline: string): string {
  return `promoted.${pipeline}.`;
}

/** Tags of a promoted revision, by which it is told where it came from. */
export const REVISION_TAGS = {
  /** ARN of the template that it is a copy of. */
  template: 'spillway:template',
  /** `sha256:…` of its image. */
  imageDigest: 'spillway:image-digest',
  /**
   * Commit, or version of the source archive, that the image is made of; absent when it is not said
   * it.
   */
  commit: 'spillway:commit',
  /**
   * Version of the parameter `task-definition` at which a redeploy saw its image promoted; absent
   * where a build brought it.
   */
  imageSeenAt: 'spillway:image-seen-at',
} as const;

/** What the deployer is told about its environment, whichever project runs it. */
export interface DeployerSettings
  extends Omit<ValuesOf<typeof DEPLOYER_VARIABLES>, 'deliveryPaths' | 'canaryTimeoutSeconds'> {
  readonly deliveryPaths: readonly string[];
  readonly canaryTimeoutMinutes: number;
}

/** The part of the deployer's environment that does not depend on the image. */
export function deployerVariables(
  settings: DeployerSettings,
): Readonly<Record<VariableOf<typeof DEPLOYER_VARIABLES>, string>> {
  return variablesOf(DEPLOYER_VARIABLES, {
    ...settings,
    deliveryPaths: [...settings.deliveryPaths],
    canaryTimeoutSeconds: settings.canaryTimeoutMinutes * 60,
  });
}
