import type { Environment } from '../environment';
import type { Names } from './names';
import type { LocalSettings } from './settings';

export const CONTAINER_NAME = 'worker';
export const SOURCE_PREFIX = 'ecsproc/';
export const DESTINATION_PREFIX = 'processed/';

export interface QueueUrls {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** What the task definition tells the worker; its `environment.ts` owns these names. */
export function workerVariables(names: Names, queues: QueueUrls, settings: LocalSettings): Environment {
  return {
    QUEUE_URL: queues.queueUrl,
    DEAD_LETTER_QUEUE_URL: queues.deadLetterQueueUrl,
    SOURCE_BUCKET: names.sourceBucket,
    DESTINATION_BUCKET: names.destinationBucket,
    SOURCE_PREFIX,
    DESTINATION_PREFIX,
    RECIPE: JSON.stringify(settings.recipe),
    JOB_CONCURRENCY: String(settings.jobConcurrency),
    VISIBILITY_TIMEOUT_SECONDS: String(settings.visibilityTimeoutSeconds),
    JOB_TIMEOUT_SECONDS: String(settings.jobTimeoutSeconds),
    MAX_ATTEMPTS: String(settings.maxAttempts),
    IDLE_EXIT_SECONDS: String(settings.idleExitSeconds),
    MEMORY_LIMIT_MIB: String(settings.memoryMiB),
    LOG_LEVEL: settings.logLevel,
    ENVIRONMENT: names.environment,
    PIPELINE: names.pipeline,
    ...settings.workerEnvironment,
  };
}

/** What the function's configuration tells the scaler; its `environment.ts` owns these names. */
export function scalerVariables(names: Names, queueUrl: string, settings: LocalSettings): Environment {
  return {
    PIPELINE: names.pipeline,
    ENVIRONMENT: names.environment,
    PARAMETER_PATH: names.parameterPath,
    QUEUE_URL: queueUrl,
    CLUSTER: names.cluster,
    TASK_FAMILY: names.taskFamily,
    CONTAINER_NAME,
    // ECS asks for a network; nobody looks at it here.
    SUBNETS: 'subnet-local',
    SECURITY_GROUPS: 'sg-local',
    ASSIGN_PUBLIC_IP: 'DISABLED',
    ENABLED: 'true',
    MAX_TASKS: String(settings.maxTasks),
    JOBS_PER_TASK: String(settings.jobsPerTask),
    ON_DEMAND_BASE: String(settings.onDemandBase),
    ON_DEMAND_WEIGHT: String(settings.onDemandWeight),
    SPOT_WEIGHT: String(settings.spotWeight),
    ...(settings.ecsEndpoint ? { AWS_ENDPOINT_URL_ECS: settings.ecsEndpoint } : {}),
  };
}
