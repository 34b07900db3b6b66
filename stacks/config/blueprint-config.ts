import type { FailOn } from '../../application-code/images/fail-on';
import type { Recipe } from '../../application-code/images/recipe';
import type { AwsClient } from '../../application-code/worker/src/aws-clients';
import type { LogLevel } from '../../application-code/worker/src/log-lines';

/**
 * What a user writes: every setting may be left out, and has the default that its comment tells.
 */
export interface BlueprintInput {
  /**
   * First part of every name in AWS. 1 to 12 lower-case letters, digits and `-`. Default
   * `spillway`.
   */
  readonly name?: string;
  /**
   * At least one environment by its name: 1 to 12 lower-case letters, digits and `-`. `{}` is a
   * whole environment. Required.
   */
  readonly environments: Readonly<Record<string, EnvironmentInput>>;
}

export type EnvironmentInput = Partial<Omit<EnvironmentSettings, Group | 'pipelines'>> & {
  readonly [group in Group]?: Partial<EnvironmentSettings[group]>;
} & {
  /**
   * At least one pipeline by its name: 1 to 16 lower-case letters, digits and `-`. Default
   * `{ photos: {} }`.
   */
  readonly pipelines?: Readonly<Record<string, PipelineInput>>;
};

export type PipelineInput = Partial<Omit<PipelineSettings, ExistingBuckets>> & {
  readonly [end in ExistingBuckets]?: ExistingBucketInput | null;
};

type ExistingBuckets = 'existingSourceBucket' | 'existingDestinationBucket';
type ExistingBucketInput = Pick<ExistingBucket, 'name'> & Partial<ExistingBucket>;

type Group = 'network' | 'cluster' | 'buckets' | 'alarms' | 'scaler' | 'delivery';

/** One environment with everything decided: what the stacks read. */
export interface Environment extends EnvironmentSettings {
  /** The blueprint's `name`. */
  readonly blueprint: string;
  /** Key of the environment in the configuration. */
  readonly name: string;
}

export interface EnvironmentSettings {
  /** AWS region of everything. Default `us-east-1`. */
  readonly region: string;
  /**
   * Accounts, of twelve digits, into which a deploy may go; any other is refused. Default `[]`:
   * every account.
   */
  readonly allowedAccountIds: readonly string[];
  /**
   * Tags of every resource and task, at most 40. Default `{}`; the blueprint adds its own, which
   * begin with `spillway:`.
   */
  readonly tags: Readonly<Record<string, string>>;
  /** Where tasks run; see below. */
  readonly network: NetworkSettings;
  /** What runs the tasks; see below. */
  readonly cluster: ClusterSettings;
  /**
   * At least one pipeline by its name: 1 to 16 lower-case letters, digits and `-`; see below.
   * Default `{ photos: {} }`.
   */
  readonly pipelines: Readonly<Record<string, PipelineSettings>>;
  /** The buckets that the blueprint makes; see below. */
  readonly buckets: BucketSettings;
  /**
   * Days that logs are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096,
   * 1827, 2192, 2557, 2922, 3288 or 3653. Default 30.
   */
  readonly logRetentionDays: number;
  /** What raises an alarm, and who is told; see below. */
  readonly alarms: AlarmSettings;
  /** The function that launches tasks; see below. */
  readonly scaler: ScalerSettings;
  /** How the worker's image is built and brought to the cluster; see below. */
  readonly delivery: DeliverySettings;
  /** ARN of a policy that bounds every role. Default `null`: none. */
  readonly permissionsBoundaryArn: string | null;
  /**
   * `aws-managed`: SSE-S3 and SSE-SQS, which cost nothing. `own`: a KMS key of the environment, $1
   * a month. Default `aws-managed`.
   */
  readonly encryption: 'aws-managed' | 'own';
  /** Where Terraform keeps its state; see below. Default `null`: files beside `cdktf.json`. */
  readonly backend: BackendSettings | null;
}

export interface BackendSettings {
  /** Existing S3 bucket of the states. Required. */
  readonly bucket: string;
  /** Its region. Required. */
  readonly region: string;
  /** Keys are `<prefix>/<stack>.tfstate`. Required. */
  readonly prefix: string;
}

/** Where tasks run, and by which way they reach S3, SQS, ECR and CloudWatch. */
export interface NetworkSettings {
  /**
   * An existing VPC instead of an own one; `cidr`, `availabilityZones`, `egress` and `flowLogs`
   * must then be left out. Default `null`.
   */
  readonly vpcId: string | null;
  /** Subnets of the existing VPC for the tasks, 1 to 16. Default `[]`. */
  readonly subnetIds: readonly string[];
  /**
   * Whether tasks in the existing subnets get a public address; needed where a subnet's way out is
   * an internet gateway. Default `false`.
   */
  readonly assignPublicIp: boolean;
  /** IPv4 range of the own VPC, a `/16` to `/24`. Default `10.42.0.0/16`. */
  readonly cidr: string;
  /**
   * Availability zones, 2 to 3. Default 2, which every region has: some, such as `us-west-1`, offer
   * an account no third.
   */
  readonly availabilityZones: number;
  /** Way out of the own VPC. `public-ip` costs nothing while no task runs. Default `public-ip`. */
  readonly egress: 'public-ip' | 'nat' | 'nat-per-az' | 'endpoints';
  /** Whether the own VPC's traffic is logged. Default `false`. */
  readonly flowLogs: boolean;
  /** A private DNS namespace (Cloud Map) of this name. Default `null`: none. */
  readonly privateDnsNamespace: string | null;
}

export interface ClusterSettings {
  /**
   * Name of an existing ECS cluster with FARGATE and FARGATE_SPOT instead of an own one. Default
   * `null`.
   */
  readonly existing: string | null;
  /** CloudWatch Container Insights of the own cluster; billed by metric. Default `off`. */
  readonly containerInsights: 'off' | 'on' | 'enhanced';
}

/** The buckets that the blueprint makes; an existing bucket is never changed. */
export interface BucketSettings {
  /**
   * Whether all pipelines share one source bucket and one destination bucket. Default `false`: two
   * a pipeline.
   */
  readonly shared: boolean;
  /** Whether overwritten and deleted objects are kept as versions. Default `false`. */
  readonly versioning: boolean;
  /** Days, 1 to 3,650, after which source objects are deleted. Default `null`: never. */
  readonly expireSourcesAfterDays: number | null;
  /** Days, 1 to 3,650, after which renditions are deleted. Default `null`: never. */
  readonly expireRenditionsAfterDays: number | null;
  /** Whether `cdktf destroy` deletes buckets that hold objects. Default `false`. */
  readonly forceDestroy: boolean;
}

export interface AlarmSettings {
  /** Whether there are alarms; $0.10 a month each. Default `true`. */
  readonly enabled: boolean;
  /** ARN of an existing SNS topic instead of an own one. Default `null`. */
  readonly topicArn: string | null;
  /** E-mail addresses to subscribe to the own topic; each must confirm once. Default `[]`. */
  readonly emails: readonly string[];
  /**
   * Minutes, 1 to 1,440, that the oldest message may wait, beyond the gap between two runs of the
   * scaler. Default 60.
   */
  readonly oldestMessageMinutes: number;
  /**
   * Minutes, 3 to 1,440, of a backlog without any running task, and two runs of the scaler at
   * least. Default 15.
   */
  readonly idleBacklogMinutes: number;
}

export interface ScalerSettings {
  /**
   * Reserved concurrency, 1 to 1,000; an account with a quota of ten cannot set it. Default `null`:
   * none.
   */
  readonly reservedConcurrency: number | null;
  /** Whether X-Ray traces its runs. Default `false`. */
  readonly tracing: boolean;
}

/**
 * From a change of the repository to the tasks: image, canary, promotion. Pipelines with an `image`
 * of their own have no part in it.
 */
export interface DeliverySettings {
  /**
   * What starts a build: a push through a `connection`, a new zip archive in a bucket of the stack
   * (`s3`), or nothing (`none`), where images come from elsewhere. Default `s3`.
   */
  readonly source: 'connection' | 's3' | 'none';
  /**
   * Repository of a connection, such as `owner/name`; required with `connection`. Default `null`.
   */
  readonly repository: string | null;
  /** Branch whose pushes are built, with `connection`. Default `main`. */
  readonly branch: string;
  /**
   * File paths, 1 to 8 patterns, of which a push must change one to be built, with `connection`.
   * Default
   * `["application-code/**","text/**","buildspec.yml","build.mjs","package.json","package-lock.json","tsconfig.json",".dockerignore"]`.
   */
  readonly paths: readonly string[];
  /**
   * ARN of an existing CodeConnections connection in the region of the environment; `provider` must
   * then be left out. Default `null`: one is made, which must be confirmed once in the console and
   * deployed again.
   */
  readonly connectionArn: string | null;
  /** Provider of the connection that is made. Default `GitHub`. */
  readonly provider: 'GitHub' | 'GitLab' | 'Bitbucket';
  /**
   * Images of each architecture that the repository keeps, 2 to 1,000 and more than
   * `keptRevisions`. Default 30.
   */
  readonly keptImages: number;
  /** Revisions that are kept beside the promoted one, 1 to 100, for a rollback. Default 10. */
  readonly keptRevisions: number;
  /** Minutes, 1 to 60, that a canary task may take from its launch to its end. Default 10. */
  readonly canaryTimeoutMinutes: number;
  /**
   * Whether images that are built from now on carry a list of what they are made of (CycloneDX).
   * Default `false`.
   */
  readonly sbom: boolean;
  /**
   * E-mail addresses that are told of every success and failure; each must confirm once. Default
   * `[]`.
   */
  readonly emails: readonly string[];
}

/** An existing bucket: neither its policy nor its notifications are ever written. */
export interface ExistingBucket {
  /** Its name. Required. */
  readonly name: string;
  /**
   * KMS key with which its objects are encrypted, when it is not an AWS-managed one. Default
   * `null`.
   */
  readonly kmsKeyArn: string | null;
}

export interface PipelineSettings {
  /**
   * Existing bucket of the sources; EventBridge then feeds the queue. Without an `image`, canaries
   * put objects below `canary/` there, and delete them. Default `null`: one is made.
   */
  readonly existingSourceBucket: ExistingBucket | null;
  /**
   * Existing bucket for the renditions; those of canaries, too, lie there below `canary/` until
   * they are deleted. Default `null`: one is made.
   */
  readonly existingDestinationBucket: ExistingBucket | null;
  /**
   * Where source keys begin: empty, or at most 512 bytes ending in `/`; neither empty nor below
   * `canary/` in a bucket where canaries read, unless `image` is given. Default `ecsproc/`.
   */
  readonly sourcePrefix: string;
  /**
   * Endings, at most 20 of 1 to 64 characters, without which a key raises no event. S3 compares the
   * case and drops all others silently. Default `[]`: every key does, and the worker judges its
   * content.
   */
  readonly suffixes: readonly string[];
  /**
   * Where rendition keys begin: empty, or at most 512 bytes ending in `/`. Default `processed/`.
   */
  readonly destinationPrefix: string;
  /**
   * Renditions of every source object, in sharp's words; with `ifImpossible: 'skip'` one that
   * cannot be made of an object is left out of it. Default one, `224x224`: fitted inside, never
   * enlarged, in the source's format.
   */
  readonly recipe: Recipe;
  /**
   * Least fault of a source, in sharp's words, that keeps it from being rendered. `none` renders
   * half a picture, too; `truncated` and `error` refuse what is cut short; `warning` also refuses
   * what decoders only warn of. Default `error`.
   */
  readonly failOn: FailOn;
  /**
   * Image of the worker; the stack then promotes each of its own revisions. Default `null`: the
   * delivery pipeline builds and promotes it.
   */
  readonly image: string | null;
  /**
   * CPU units of a task, 1,024 a vCPU: 256, 512, 1024, 2048, 4096, 8192, 16384 or 32768. Default
   * 1024.
   */
  readonly cpuUnits: number;
  /**
   * Memory of a task in MiB, 512 to 249,856; Fargate allows certain values for each CPU size.
   * Default 2048.
   */
  readonly memoryMiB: number;
  /**
   * What a task does while CloudWatch does not take its log: `non-blocking` goes on and keeps
   * `logBufferMiB` of it, `blocking` waits. Default `non-blocking`.
   */
  readonly logMode: 'blocking' | 'non-blocking';
  /**
   * Log of a task, 1 to 200 MiB, that waits for CloudWatch with `non-blocking`; what does not fit
   * is lost. Default 25.
   */
  readonly logBufferMiB: number;
  /** Ephemeral storage of a task, 20 to 200 GiB; the first 20 are free. Default 20. */
  readonly ephemeralStorageGiB: number;
  /** CPU architecture of a task. Default `arm64`, which costs a fifth less. */
  readonly architecture: 'arm64' | 'x86_64';
  /** Most tasks running and pending together, 0 to 5,000. Default 10. Runtime knob `max-tasks`. */
  readonly maxTasks: number;
  /**
   * Jobs of the backlog that justify one task, 1 to 120,000. Default 100. Runtime knob
   * `jobs-per-task`.
   */
  readonly jobsPerTask: number;
  /**
   * Tasks of the fleet on FARGATE before the weights count, 0 to 5,000. Default 2. Runtime knob
   * `on-demand-base`.
   */
  readonly onDemandBase: number;
  /** Share of FARGATE above the base, 0 to 1,000. Default 1. Runtime knob `on-demand-weight`. */
  readonly onDemandWeight: number;
  /** Share of FARGATE_SPOT above the base, 0 to 1,000. Default 4. Runtime knob `spot-weight`. */
  readonly spotWeight: number;
  /** Jobs at a time in one task, 0 to 512; 0 is twelve per CPU. Default 0. */
  readonly jobConcurrency: number;
  /** Seconds, 5 to 43,200, that a message stays hidden between two heartbeats. Default 120. */
  readonly visibilityTimeoutSeconds: number;
  /** Seconds, 1 to 43,200 and at most the visibility timeout, that a job may take. Default 120. */
  readonly jobTimeoutSeconds: number;
  /** Receives, 1 to 998, after which a job is given up. Default 8. */
  readonly maxAttempts: number;
  /**
   * Days, 1 to 10, that the work queue keeps a message; the dead-letter queue keeps it four days
   * longer. Default 10.
   */
  readonly retentionDays: number;
  /** Seconds, 1 to 3,600, of empty receives after which a task ends itself. Default 20. */
  readonly idleExitSeconds: number;
  /**
   * Seconds, 1 to 86,400, after which a task drains and ends, so that a rollout ends. Default 3600.
   */
  readonly maxTaskSeconds: number;
  /** Seconds, 1 to 119, from SIGTERM to the task's own end; ECS kills at 120. Default 100. */
  readonly drainDeadlineSeconds: number;
  /** Largest source object in bytes, 1 to 2 GiB. Default 268435456. */
  readonly maxSourceBytes: number;
  /** Largest source picture in pixels, 1 to 10,000 million. Default 100000000. */
  readonly maxSourcePixels: number;
  /**
   * How often the scaler runs, at least once in 3 days: `rate(N minutes)` or `cron(…)`, as
   * EventBridge Scheduler says it, in UTC. Default `rate(1 minute)`.
   */
  readonly schedule: string;
  /** Lowest level that the worker logs. Default `info`. */
  readonly logLevel: LogLevel;
  /**
   * What the worker calls S3 and SQS by: a client of the AWS SDK's parts at a fraction of its CPU
   * time, or the SDK itself. Default `lean`.
   */
  readonly awsClient: AwsClient;
}

/** Gives the editor the type of the configuration; it is checked when it is loaded. */
export function defineBlueprint(blueprint: BlueprintInput): BlueprintInput {
  return blueprint;
}
