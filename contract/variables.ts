import type { Recipe } from '../application-code/images/recipe';
import {
  WORKER_VARIABLES,
  type VariableName as WorkerVariable,
} from '../application-code/worker/src/settings';
import type { VariableName as ScalerVariable } from '../lambda/scaler/variables';
import { type SettingsOf, type ValuesOf, variablesOf } from '../text/variables';

/** Name of the worker's container in its task definition. */
export const CONTAINER_NAME = 'worker';

/** What the worker is told of its pipeline. */
export interface WorkerSettings
  extends Pick<ValuesOf<typeof WORKER_VARIABLES>, keyof SettingsOf<typeof WORKER_VARIABLES>> {
  readonly recipe: Recipe;
  readonly memoryMiB: number;
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
  return variablesOf(WORKER_VARIABLES, {
    ...settings,
    ...targets,
    expectedBucketOwner: targets.accountId,
    recipe: JSON.stringify(settings.recipe),
    memoryLimitMiB: settings.memoryMiB,
  });
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
