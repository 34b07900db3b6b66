import {
  WORKER_VARIABLES,
  type VariableName as WorkerVariable,
} from '../application-code/worker/src/settings';
import { recipeOf } from '../application-code/workloads';
import { KNOB_RULES, type Knobs, type ScalingKnob } from '../lambda/scaler/decision/knobs';
import {
  type OptionalVariable,
  SCALER_VARIABLES,
  type VariableName as ScalerVariable,
} from '../lambda/scaler/environment';
import { type SettingsOf, type ValuesOf, variablesOf } from '../text/variables';
import { type DestinationSettings, destinationVariables, samplesOf } from './destination';
import { jobSecondsOf, type ScalingSettings, scalingKnobs } from './scaling';

/** Name of the worker's container in its task definition. */
export const CONTAINER_NAME = 'worker';

/** What the worker is told about its pipeline, with the workload's own settings. */
export interface WorkerSettings
  extends Pick<ValuesOf<typeof WORKER_VARIABLES>, keyof SettingsOf<typeof WORKER_VARIABLES>> {
  readonly workload: string;
  readonly recipe: unknown;
  readonly memoryMiB: number;
  readonly destination: DestinationSettings;
  /** The pipeline's own variables. */
  readonly environment: Readonly<Record<string, string>>;
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
): Readonly<Record<WorkerVariable, string>> & Readonly<Record<string, string>> {
  const engine = variablesOf(WORKER_VARIABLES, {
    ...settings,
    ...targets,
    expectedBucketOwner: targets.accountId,
    recipe: JSON.stringify(settings.recipe),
    memoryLimitMiB: settings.memoryMiB,
  });
  const own = variablesOf(recipeOf(settings.workload).settings ?? {}, { ...settings });
  const destination = destinationVariables(settings.destination);
  return { ...settings.environment, ...engine, ...destination, ...own };
}

/** What the scaler is told about its pipeline: the knobs as they are configured. */
export interface ScalerSettings extends Omit<Knobs, 'enabled' | ScalingKnob> {
  readonly scaling: ScalingSettings;
  readonly jobsPerTask: number;
  /** Jobs that one task works on at a time. */
  readonly jobsAtATime: number;
  /** Age at which a task takes no more jobs. */
  readonly maxTaskSeconds: number;
  readonly launch: 'scaler' | 'per-object';
  readonly wake: 'schedule' | 'event';
  readonly wakeTasks: number;
  readonly destination: DestinationSettings;
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
): Readonly<Record<ScalerVariable, string> & Partial<Record<OptionalVariable, string>>> {
  const pipeline = variablesOf(SCALER_VARIABLES, {
    ...targets,
    maxTaskSeconds: settings.maxTaskSeconds,
    wakeTasks: settings.wake === 'event' ? settings.wakeTasks : 0,
    scalingPolicy: settings.launch === 'per-object' ? 'per-object' : settings.scaling.policy,
    jobSeconds: jobSecondsOf(settings.scaling),
    jobsAtATime: settings.jobsAtATime,
    containerName: CONTAINER_NAME,
    subnets: [...targets.subnetIds],
    securityGroups: [...targets.securityGroupIds],
    assignPublicIp: targets.assignPublicIp ? 'ENABLED' : 'DISABLED',
  });
  const knobs = scalingKnobs(settings.scaling, settings.jobsPerTask);
  const samples = samplesOf(settings.destination);
  return {
    ...pipeline,
    ...variablesOf(KNOB_RULES, { ...settings, ...knobs, enabled: true }),
    ...(samples > 0 && { SHARD_SAMPLES: String(samples) }),
  };
}
