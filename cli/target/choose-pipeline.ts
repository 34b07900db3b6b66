import { imageNames, type PipelineId, pipelineNames } from '../../contract/names';
import { LOCAL_REGION } from '../../local/environment';
import type { DeliverySettings, Environment } from '../../stacks/config/blueprint-config';
import { DEFAULT_NAME } from '../../stacks/config/schema';
import { nearestWord, shown } from '../../text/words';
import { UsageError } from '../terminal/failures';

/** Name of the environment of every local run. */
export const LOCAL_ENVIRONMENT = 'local';

/** One pipeline of the configuration, with the names of what a command looks at. */
export interface TargetPipeline {
  readonly environment: string;
  readonly pipeline: string;
  readonly region: string;
  /** Accounts into which a deploy may go; empty: every one. */
  readonly allowedAccountIds: readonly string[];
  readonly taskFamily: string;
  readonly templateFamily: string;
  /** Role of tasks that finish a dataset. */
  readonly datasetRole: string;
  readonly queue: string;
  readonly deadLetterQueue: string;
  /** Name of the scaler's function. */
  readonly scaler: string;
  /** Names of the rule and the queue of wake-ups, which `wake: 'event'` makes. */
  readonly wakeRule: string;
  readonly wakeQueue: string;
  readonly parameterPath: string;
  readonly deliveryPath: string;
  /** Name of the ECR repository of its images. */
  readonly repository: string;
  /**
   * Image that the configuration names, so that a deploy of the stacks promotes it; null: the
   * delivery pipeline does.
   */
  readonly ownImage: string | null;
  /** Where the delivery pipeline takes what it builds. */
  readonly source: DeliverySettings['source'];
  /** Endings of keys that raise an event; empty: every key does. */
  readonly suffixes: readonly string[];
  /** Loopback URL of the emulator of a local run; absent on AWS. */
  readonly endpoint?: string;
}

export interface Choice {
  readonly environment?: string;
  readonly pipeline?: string;
}

/**
 * The chosen pipeline; the only environment and the only pipeline need no name.
 * @throws UsageError with the names that exist.
 */
export function choosePipeline(
  environments: readonly Environment[],
  choice: Choice,
): TargetPipeline {
  const environment = chooseEnvironment(environments, choice.environment);
  const { name, pipelines } = environment;
  const pipeline = chooseName('pipeline', Object.keys(pipelines), choice.pipeline, ` of ${name}`);
  const settings = pipelines[pipeline];
  if (!settings) throw new Error(`the pipeline ${pipeline} of ${name} went missing`);
  const { blueprint, region, allowedAccountIds } = environment;
  const { repository } = imageNames(environment, settings.workload);
  const settled = {
    ownImage: settings.image,
    source: environment.delivery.source,
    suffixes: settings.suffixes,
  };
  const names = namesOf({ blueprint, environment: name, pipeline });
  return {
    environment: name,
    pipeline,
    region,
    allowedAccountIds,
    ...names,
    repository,
    ...settled,
  };
}

/** @throws UsageError with the names that exist. */
export function chooseEnvironment(
  environments: readonly Environment[],
  wanted?: string,
): Environment {
  const names = environments.map(({ name }) => name);
  const name = chooseName('environment', names, wanted);
  const environment = environments.find((one) => one.name === name);
  if (!environment) throw new Error(`the environment ${name} went missing`);
  return environment;
}

/** The options by which another command reaches the same pipeline. */
export function sameOptions({ environment, pipeline, endpoint }: TargetPipeline): string {
  return `${endpoint ? `--local ${endpoint}` : `-e ${environment}`} -p ${pipeline}`;
}

/**
 * Whether a delivery brings the images; those of a local run and of an own `image` come otherwise.
 */
export function isDelivered({ endpoint, ownImage }: TargetPipeline): boolean {
  return endpoint === undefined && ownImage === null;
}

/** A pipeline of a local run, which no configuration knows. */
export function localPipeline(pipeline: string, endpoint: string): TargetPipeline {
  return {
    environment: LOCAL_ENVIRONMENT,
    pipeline,
    region: LOCAL_REGION,
    allowedAccountIds: [],
    ...namesOf({ blueprint: DEFAULT_NAME, environment: LOCAL_ENVIRONMENT, pipeline }),
    repository: '',
    ownImage: null,
    source: 'none',
    suffixes: [],
    endpoint,
  };
}

function namesOf(id: PipelineId) {
  const { canaryQueue: _queue, canaryDeadLetterQueue: _letters, ...names } = pipelineNames(id);
  return names;
}

function chooseName(
  kind: keyof Choice,
  names: readonly string[],
  wanted?: string,
  where = '',
): string {
  const list = names.join(', ');
  const [first] = names;
  if (wanted === undefined && first !== undefined && names.length === 1) return first;
  if (wanted === undefined)
    throw new UsageError(
      `the configuration has several ${kind}s${where} (${list}): say --${kind} NAME.`,
    );
  if (names.includes(wanted)) return wanted;
  const meant = nearestWord(wanted, names);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new UsageError(
    `${shown(wanted)} is no ${kind}${where}; the configuration has: ${list}.${hint}`,
  );
}
