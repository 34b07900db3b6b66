import { LocalModeError } from '../folder/errors';
import type { Environment, PipelineSettings } from '../stacks/config/blueprint-config';
import { nearestWord } from '../text/words';

/**
 * Settings of a deployed pipeline that a local run does not take over: it has buckets, a bundle and
 * a launch policy of its own.
 */
const DEPLOYED = [
  'existingSourceBucket',
  'existingDestinationBucket',
  'image',
  'schedule',
  'maxTasks',
  'jobsPerTask',
  'idleExitSeconds',
  'jobConcurrency',
] as const satisfies readonly (keyof PipelineSettings)[];

/** All that a local run takes over. */
export type ConfiguredPipeline = Omit<PipelineSettings, (typeof DEPLOYED)[number]>;

/** What `--pipeline` needs of its surroundings. */
export interface ConfiguredPipelinePorts {
  readonly loadBlueprint: () => readonly Environment[];
  /** Variables of who starts the run. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * The settings of a pipeline of the configuration, for a run on this machine. The values of its
 * secrets are variables of who starts the run.
 * @param name of a pipeline such as `photos`, or with its environment: `dev/photos`.
 * @throws ConfigError for a wrong configuration, LocalModeError for a pipeline that cannot be run.
 */
export function configuredPipeline(
  name: string,
  { loadBlueprint, variables }: ConfiguredPipelinePorts,
): ConfiguredPipeline {
  const settings = find(name, loadBlueprint());
  const secrets = Object.keys(settings.secrets);
  const missing = secrets.filter((secret) => !variables[secret]);
  if (missing.length > 0) throw missingSecrets(name, missing);
  const values = secrets.map((secret) => [secret, variables[secret] ?? '']);
  const isKept = ([setting]: [string, unknown]) => !DEPLOYED.some((name) => name === setting);
  const kept = Object.fromEntries(Object.entries(settings).filter(isKept)) as object;
  const environment = { ...settings.environment, ...Object.fromEntries(values) };
  return { ...(kept as ConfiguredPipeline), environment };
}

function find(name: string, environments: readonly Environment[]): PipelineSettings {
  const pipelines = environments.flatMap((environment) =>
    Object.entries(environment.pipelines).map(([pipeline, settings]) => ({
      place: `${environment.name}/${pipeline}`,
      pipeline,
      settings,
    })),
  );
  const found = pipelines.filter(({ place, pipeline }) => name === place || name === pipeline);
  const [first, ...more] = found;
  const places = (more.length > 0 ? found : pipelines).map(({ place }) => place);
  if (first && more.length === 0) return first.settings;
  const near = nearestWord(name, [...places, ...pipelines.map(({ pipeline }) => pipeline)]);
  throw new LocalModeError(
    `--pipeline must be one of ${places.join(', ')}, but ${name || 'nothing'} was given.` +
      (first || near === undefined ? '' : ` Did you mean ${near}?`),
  );
}

function missingSecrets(name: string, missing: readonly string[]): LocalModeError {
  const names = missing.join(', ');
  return new LocalModeError(
    `--pipeline ${name} has secrets that are read from variables of the same name on this ` +
      `machine, but ${names} ${missing.length === 1 ? 'is' : 'are'} not set: export what the ` +
      'program shall use here.',
  );
}
