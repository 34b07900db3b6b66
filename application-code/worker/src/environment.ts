import * as z from 'zod/mini';
import { factsOf, given } from '../../../text/setting';
import { readVariables, type ValuesOf, type Variables } from '../../../text/variables';
import { jobsAtATime } from './job-size';
import { type Machine, thisMachine } from './machine';
import {
  LAUNCH_VARIABLES,
  MAX_HIDDEN_SECONDS,
  SDK_VARIABLES,
  WORKER_VARIABLES,
  type WorkerValues,
} from './settings';
import { SHARD_VARIABLES } from './shard-settings';
import { type JobSize, RecipeError, type WorkloadRecipe } from './workload/recipe';

/** The workload of this worker. */
export interface NamedWorkload {
  /** Name of its folder. */
  readonly name: string;
  readonly recipe: WorkloadRecipe;
}

/**
 * What the worker works with: its variables, which the task definition (or the local task runner)
 * fills, and what follows from them and from the machine.
 */
export interface WorkerEnvironment
  extends Omit<WorkerValues, 'workload' | 'environment' | 'pipeline' | keyof DerivedSettings>,
    DerivedSettings {}

interface DerivedSettings {
  /** What the workload makes of every source object. */
  readonly recipe: unknown;
  /** The workload's own settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Account, twelve digits, that must own both buckets. */
  readonly expectedBucketOwner?: string;
  /** MiB that the task may use. */
  readonly memoryLimitMiB: number;
  /** AWS region. */
  readonly region: string;
  /** Instead of AWS's own; buckets are then part of the path. */
  readonly s3Endpoint?: string;
  /** Instead of the host of `QUEUE_URL`. */
  readonly sqsEndpoint?: string;
  /** Dimensions of the metrics, as of the scaler's. */
  readonly metricDimensions: { readonly environment: string; readonly pipeline: string };
  /** Source objects that are worked on at a time. */
  readonly maxRenders: number;
  /** Of a pipeline whose outputs are samples of a dataset; absent where they are objects. */
  readonly shards?: ShardSettings;
}

/** When a part is closed, and where labels come from. */
export type ShardSettings = Omit<ValuesOf<typeof SHARD_VARIABLES>, 'destinationKind'>;

/** An environment with which the worker cannot run; the message has one sentence for each fault. */
export class EnvironmentError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'EnvironmentError';
  }
}

const VARIABLES = {
  ...WORKER_VARIABLES,
  ...LAUNCH_VARIABLES,
  ...SDK_VARIABLES,
  ...SHARD_VARIABLES,
} as const satisfies Variables;

type Values = ValuesOf<typeof VARIABLES>;

/** What several variables must be together; skipped while one of them is wrong by itself. */
interface Rule {
  readonly about: readonly (keyof Values)[];
  readonly fault: (values: Values, machine: Machine) => string | false;
}

const RULES: readonly Rule[] = [
  {
    about: ['sourceBucket', 'destinationBucket', 'sourcePrefix', 'destinationPrefix'],
    fault: ({ sourceBucket, destinationBucket, sourcePrefix, destinationPrefix }) =>
      sourceBucket === destinationBucket &&
      destinationPrefix.startsWith(sourcePrefix) &&
      'DESTINATION_PREFIX must lie outside SOURCE_PREFIX when both are in one bucket, since ' +
        `outputs would become sources, but ${destinationPrefix} lies below ` +
        `${sourcePrefix || 'the empty prefix'}`,
  },
  {
    about: ['queueUrl', 'deadLetterQueueUrl'],
    fault: ({ queueUrl, deadLetterQueueUrl }) =>
      queueUrl === deadLetterQueueUrl &&
      `DEAD_LETTER_QUEUE_URL must name another queue than QUEUE_URL, but both are ${queueUrl}`,
  },
  {
    about: ['queueUrl'],
    fault: (values) =>
      !regionOf(values) &&
      'AWS_REGION is required, since QUEUE_URL does not name a region, but was not given',
  },
  {
    about: ['jobTimeoutSeconds', 'visibilityTimeoutSeconds'],
    fault: ({ jobTimeoutSeconds: job, visibilityTimeoutSeconds: visibility }) =>
      job + visibility > MAX_HIDDEN_SECONDS &&
      'JOB_TIMEOUT_SECONDS and VISIBILITY_TIMEOUT_SECONDS must together be at most ' +
        `${MAX_HIDDEN_SECONDS} seconds, for which SQS hides a message at most, but ${job} and ` +
        `${visibility} were given`,
  },
  {
    about: ['destinationKind', 'seconds', 'jobTimeoutSeconds', 'visibilityTimeoutSeconds'],
    fault: ({ destinationKind, seconds, jobTimeoutSeconds, visibilityTimeoutSeconds }) => {
      const all = [seconds, jobTimeoutSeconds, visibilityTimeoutSeconds];
      const sum = all.reduce((one, other) => one + other);
      return (
        destinationKind === 'shards' &&
        jobTimeoutSeconds + visibilityTimeoutSeconds <= MAX_HIDDEN_SECONDS &&
        sum > MAX_HIDDEN_SECONDS &&
        'SHARD_SECONDS, JOB_TIMEOUT_SECONDS and VISIBILITY_TIMEOUT_SECONDS must together be at ' +
          `most ${MAX_HIDDEN_SECONDS} seconds, for which SQS hides a message at most, but ` +
          `${all[0]}, ${all[1]} and ${all[2]} were given`
      );
    },
  },
  {
    about: ['memoryLimitMiB'],
    fault: ({ memoryLimitMiB }, { memoryMiB }) => {
      const { schema } = VARIABLES.memoryLimitMiB;
      return (
        memoryLimitMiB === undefined &&
        !z.safeParse(schema, memoryMiB).success &&
        `MEMORY_LIMIT_MIB must be ${factsOf(schema).must}, but this machine has ` +
          `${memoryMiB}: set it`
      );
    },
  },
];

/**
 * Reads and checks the whole environment.
 * @throws EnvironmentError with every fault at once.
 */
export function readEnvironment(
  workload: NamedWorkload,
  variables: Readonly<Record<string, string | undefined>> = process.env,
  machine: Machine = thisMachine(),
): WorkerEnvironment {
  const { values, faults } = readVariables(VARIABLES, variables);
  const own = readVariables(workload.recipe.settings ?? {}, variables);
  const recipe = readRecipe(workload.recipe, values.recipe);
  const broken = RULES.filter(({ about }) => !about.some((name) => faults.has(name)))
    .map(({ fault }) => fault(values, machine))
    .filter((fault) => fault !== false);
  const all = [
    ...otherWorkload(workload.name, values.workload),
    ...faults.values(),
    ...own.faults.values(),
    ...broken,
    ...recipe.faults,
  ];
  if (all.length > 0) throw new EnvironmentError(all);
  return {
    ...environmentOf(values, machine, workload.recipe.jobSize),
    recipe: recipe.recipe,
    settings: own.values,
  };
}

function otherWorkload(name: string, wanted: string | undefined): readonly string[] {
  return !wanted || wanted === name
    ? []
    : [
        `WORKLOAD must be ${name}, the workload of this image, but ${given(wanted)} was given: ` +
          `have the task run an image of ${wanted}`,
      ];
}

function environmentOf(
  values: Values,
  machine: Machine,
  jobSize: JobSize | undefined,
): Omit<WorkerEnvironment, 'recipe' | 'settings'> {
  const { environment, pipeline, endpoint, defaultRegion, expectedBucketOwner, ...rest } = values;
  const { recipe, workload, s3Endpoint = endpoint, sqsEndpoint = endpoint, ...engine } = rest;
  const { destinationKind, samples, mebibytes, seconds, label, ...settings } = engine;
  const owner = expectedBucketOwner ?? accountOf(values);
  const memoryLimitMiB = values.memoryLimitMiB ?? machine.memoryMiB;
  const jobConcurrency = jobsAtATime(
    { jobConcurrency: values.jobConcurrency, jobSize },
    { ...machine, memoryMiB: memoryLimitMiB },
  );
  return {
    ...settings,
    ...(owner && { expectedBucketOwner: owner }),
    ...(s3Endpoint && { s3Endpoint }),
    ...(sqsEndpoint && { sqsEndpoint }),
    ...(destinationKind === 'shards' && { shards: { samples, mebibytes, seconds, label } }),
    jobConcurrency,
    memoryLimitMiB,
    region: regionOf(values) ?? '',
    metricDimensions: { environment: environment || 'default', pipeline: pipeline || 'default' },
    maxRenders: jobSize ? jobConcurrency : RENDERS_PER_CPU * machine.cpus,
  };
}

/**
 * A second decode waits for each CPU, so that none idles from the end of one until JavaScript has
 * begun the next.
 */
const RENDERS_PER_CPU = 2;
/** Threads for names, files and headers. */
const THREADS_BESIDE_RENDERS = 4;

/**
 * libuv's threads, which decode, also resolve names, read files and look at headers: some never
 * decode. To be called before anything uses them; a value that was given stays.
 */
export function reserveThreads(
  maxRenders: number,
  variables: NodeJS.ProcessEnv = process.env,
): void {
  variables.UV_THREADPOOL_SIZE ??= String(maxRenders + THREADS_BESIDE_RENDERS);
}

interface ReadRecipe {
  readonly recipe: unknown;
  readonly faults: readonly string[];
}

function readRecipe(workload: WorkloadRecipe, json: string | undefined): ReadRecipe {
  if (!json) return { recipe: workload.default, faults: [] };
  try {
    return { recipe: workload.parse(json), faults: [] };
  } catch (error) {
    if (error instanceof RecipeError) return { recipe: undefined, faults: error.faults };
    throw error;
  }
}

/** `https://sqs.<region>.amazonaws.com/<account>/<queue>`; emulators keep the path. */
function accountOf({ queueUrl }: Values): string | undefined {
  return /\/(\d{12})\/[^/]+$/.exec(queueUrl)?.[1];
}

function regionOf({ region, defaultRegion, queueUrl }: Values): string | undefined {
  const named = region || defaultRegion;
  return named || /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(queueUrl)?.[1];
}
