import type { FailOn } from '../application-code/images/fail-on';
import type { Recipe } from '../application-code/images/recipe';
import type { AwsClient } from '../application-code/worker/src/aws-clients';
import type { LogLevel } from '../application-code/worker/src/log-lines';
import type { VariableName as WorkerVariable } from '../application-code/worker/src/variables';
import type { VariableName as ScalerVariable } from '../lambda/scaler/variables';

/** Name of the worker's container in its task definition. */
export const CONTAINER_NAME = 'worker';

/** What the worker is told of its pipeline; units and ranges are those of its `environment.ts`. */
export interface WorkerSettings {
  readonly sourcePrefix: string;
  readonly destinationPrefix: string;
  readonly recipe: Recipe;
  readonly failOn: FailOn;
  readonly jobConcurrency: number;
  readonly visibilityTimeoutSeconds: number;
  readonly jobTimeoutSeconds: number;
  readonly maxAttempts: number;
  readonly idleExitSeconds: number;
  readonly maxTaskSeconds: number;
  readonly drainDeadlineSeconds: number;
  readonly memoryMiB: number;
  readonly maxSourceBytes: number;
  readonly maxSourcePixels: number;
  readonly logLevel: LogLevel;
  readonly awsClient: AwsClient;
}

/** What the worker works on. */
export interface WorkerTargets {
  readonly environment: string;
  readonly pipeline: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  /** Account of both buckets, twelve digits. */
  readonly accountId: string;
}

/** The environment of the worker's container. */
export function workerVariables(
  settings: WorkerSettings,
  targets: WorkerTargets,
): Readonly<Record<WorkerVariable, string>> {
  return {
    QUEUE_URL: targets.queueUrl,
    DEAD_LETTER_QUEUE_URL: targets.deadLetterQueueUrl,
    SOURCE_BUCKET: targets.sourceBucket,
    DESTINATION_BUCKET: targets.destinationBucket,
    EXPECTED_BUCKET_OWNER: targets.accountId,
    SOURCE_PREFIX: settings.sourcePrefix,
    DESTINATION_PREFIX: settings.destinationPrefix,
    RECIPE: JSON.stringify(settings.recipe),
    FAIL_ON: settings.failOn,
    JOB_CONCURRENCY: String(settings.jobConcurrency),
    VISIBILITY_TIMEOUT_SECONDS: String(settings.visibilityTimeoutSeconds),
    JOB_TIMEOUT_SECONDS: String(settings.jobTimeoutSeconds),
    MAX_ATTEMPTS: String(settings.maxAttempts),
    IDLE_EXIT_SECONDS: String(settings.idleExitSeconds),
    MAX_TASK_SECONDS: String(settings.maxTaskSeconds),
    DRAIN_DEADLINE_SECONDS: String(settings.drainDeadlineSeconds),
    MEMORY_LIMIT_MIB: String(settings.memoryMiB),
    MAX_SOURCE_BYTES: String(settings.maxSourceBytes),
    MAX_SOURCE_PIXELS: String(settings.maxSourcePixels),
    LOG_LEVEL: settings.logLevel,
    AWS_CLIENT: settings.awsClient,
    ENVIRONMENT: targets.environment,
    PIPELINE: targets.pipeline,
  };
}

/** What the scaler is told of its pipeline. */
export interface ScalerSettings {
  readonly maxTasks: number;
  readonly jobsPerTask: number;
  readonly onDemandBase: number;
  readonly onDemandWeight: number;
  readonly spotWeight: number;
}

/** What the scaler looks at and launches. */
export interface ScalerTargets {
  readonly environment: string;
  readonly pipeline: string;
  readonly parameterPath: string;
  readonly queueUrl: string;
  /** Name or ARN. */
  readonly cluster: string;
  readonly taskFamily: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly assignPublicIp: boolean;
}

/** The environment of the scaler's function. */
export function scalerVariables(
  settings: ScalerSettings,
  targets: ScalerTargets,
): Readonly<Record<ScalerVariable, string>> {
  return {
    PIPELINE: targets.pipeline,
    ENVIRONMENT: targets.environment,
    PARAMETER_PATH: targets.parameterPath,
    QUEUE_URL: targets.queueUrl,
    CLUSTER: targets.cluster,
    TASK_FAMILY: targets.taskFamily,
    CONTAINER_NAME,
    SUBNETS: targets.subnetIds.join(','),
    SECURITY_GROUPS: targets.securityGroupIds.join(','),
    ASSIGN_PUBLIC_IP: targets.assignPublicIp ? 'ENABLED' : 'DISABLED',
    ENABLED: 'true',
    MAX_TASKS: String(settings.maxTasks),
    JOBS_PER_TASK: String(settings.jobsPerTask),
    ON_DEMAND_BASE: String(settings.onDemandBase),
    ON_DEMAND_WEIGHT: String(settings.onDemandWeight),
    SPOT_WEIGHT: String(settings.spotWeight),
  };
}
