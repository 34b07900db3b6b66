import type {
  BlueprintInput,
  Environment,
  EnvironmentInput,
  PipelineSettings,
} from './blueprint-config';
import { DEFAULT_ENVIRONMENT, DEFAULT_NAME, DEFAULT_PIPELINE, DEFAULT_PIPELINES } from './defaults';

/**
 * Every environment with its defaults filled in; what is wrong in the input stays as it is, or is
 * left out.
 */
export function withDefaults({ name, environments }: BlueprintInput): readonly Environment[] {
  return Object.entries(environments).map(([key, input]) =>
    environmentOf(name ?? DEFAULT_NAME, key, input ?? {}),
  );
}

function environmentOf(blueprint: string, name: string, input: EnvironmentInput): Environment {
  const { network, cluster, buckets, alarms, scaler, delivery } = DEFAULT_ENVIRONMENT;
  const pipelines = Object.entries(input.pipelines ?? DEFAULT_PIPELINES);
  return {
    ...filled(DEFAULT_ENVIRONMENT, input),
    blueprint,
    name,
    network: filled(network, input.network),
    cluster: filled(cluster, input.cluster),
    buckets: filled(buckets, input.buckets),
    alarms: filled(alarms, input.alarms),
    scaler: filled(scaler, input.scaler),
    delivery: filled(delivery, input.delivery),
    pipelines: Object.fromEntries(
      pipelines.map(([key, pipeline]) => [key, withBuckets(filled(DEFAULT_PIPELINE, pipeline))]),
    ),
  };
}

function withBuckets(settings: PipelineSettings): PipelineSettings {
  const { existingSourceBucket, existingDestinationBucket } = settings;
  return {
    ...settings,
    existingSourceBucket: existingSourceBucket && { ...NO_KEY, ...existingSourceBucket },
    existingDestinationBucket: existingDestinationBucket && {
      ...NO_KEY,
      ...existingDestinationBucket,
    },
  };
}

const NO_KEY = { kmsKeyArn: null };

/** `undefined` counts as left out. */
function filled<T extends object>(defaults: T, given: object | undefined): T {
  return {
    ...defaults,
    ...Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)),
  };
}
