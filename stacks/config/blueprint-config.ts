import type * as z from 'zod/mini';
import type { Workloads } from '../../application-code/worker/src/workload/recipe';
import type { DEFAULT_WORKLOAD } from '../../application-code/workloads';
import type { SettingsOf, Variables } from '../../text/variables';
import type { EXISTING_BUCKET_SETTINGS, PIPELINE_SETTINGS } from './pipeline-settings';
import type { BLUEPRINT, ENVIRONMENT } from './schema';

/** What a user writes: every setting may be left out that has a default. */
export type BlueprintInput = Omit<Input<typeof BLUEPRINT>, 'environments'> & {
  readonly environments: Readonly<Record<string, EnvironmentInput>>;
};

export type EnvironmentInput = Omit<Input<typeof ENVIRONMENT>, 'pipelines'> & {
  readonly pipelines?: Readonly<Record<string, PipelineInput>>;
};

export type PipelineInput = Input<typeof PIPELINE_SETTINGS> & WorkloadInput;

/** What the workloads add, by the value of `workload`, which may be left out for the default. */
type WorkloadInput = {
  [Name in keyof Workloads]: OwnInput<Workloads[Name]> &
    (Name extends typeof DEFAULT_WORKLOAD
      ? { readonly workload?: Name }
      : { readonly workload: Name });
}[keyof Workloads];

type OwnInput<Own> = Own extends {
  recipe: infer Recipe;
  settings: infer Declared extends Variables;
}
  ? { readonly recipe?: Recipe } & Input<SettingsOf<Declared>>
  : never;

/** One environment with everything decided: what the stacks read. */
export interface Environment extends EnvironmentSettings {
  /** The blueprint's `name`. */
  readonly blueprint: string;
  /** Key of the environment in the configuration. */
  readonly name: string;
}

export interface EnvironmentSettings extends Omit<Output<typeof ENVIRONMENT>, 'pipelines'> {
  readonly pipelines: Readonly<Record<string, PipelineSettings>>;
}

/** The workload's own settings are there, too; only the workload knows them. */
export interface PipelineSettings extends Output<typeof PIPELINE_SETTINGS> {
  readonly workload: string;
  readonly recipe: unknown;
}

export type NetworkSettings = EnvironmentSettings['network'];
export type ClusterSettings = EnvironmentSettings['cluster'];
export type AlarmSettings = EnvironmentSettings['alarms'];
export type DeliverySettings = EnvironmentSettings['delivery'];
export type ExistingBucket = Output<typeof EXISTING_BUCKET_SETTINGS>;

type Input<Shape extends z.core.$ZodShape> = ReadonlyDeep<z.input<z.ZodMiniObject<Shape>>>;
type Output<Shape extends z.core.$ZodShape> = ReadonlyDeep<z.output<z.ZodMiniObject<Shape>>>;

type ReadonlyDeep<Of> = Of extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : Of extends object
    ? { readonly [Name in keyof Of]: ReadonlyDeep<Of[Name]> }
    : Of;

/** Has the type of the configuration for the editor. Loading checks it. */
export function defineBlueprint(blueprint: BlueprintInput): BlueprintInput {
  return blueprint;
}

/**
 * A configuration with which nothing can be deployed; the message has one line for each of its
 * faults.
 */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
  }
}
