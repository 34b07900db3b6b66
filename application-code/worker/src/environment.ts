import { DEFAULT_FAIL_ON, FAIL_ON, type FailOn } from '../../images/fail-on';
import { DEFAULT_RECIPE, parseRecipe, type Recipe } from '../../images/recipe';
import { AWS_CLIENTS, type AwsClient } from './aws-clients';
import { NUMBERS, type NumberName, numberFaults, readNumber } from './environment-numbers';
import { isPrefix } from './job/keys';
import { LOG_LEVELS, type LogLevel } from './log-lines';
import { type Machine, thisMachine } from './machine';
import type { VariableName } from './variables';
import { RecipeError } from './workload/recipe';

/**
 * Everything that the worker is told from outside. The task definition (and the local task runner)
 * fills the variables; ranges and defaults of the numbers are in {@link NUMBERS}.
 */
export interface WorkerEnvironment {
  /** URL of the work queue. Required. Source: `QUEUE_URL`. */
  readonly queueUrl: string;
  /** URL of the dead-letter queue. Required. Source: `DEAD_LETTER_QUEUE_URL`. */
  readonly deadLetterQueueUrl: string;
  /** Bucket of the source objects. Required. Source: `SOURCE_BUCKET`. */
  readonly sourceBucket: string;
  /** Bucket of the renditions. Required. Source: `DESTINATION_BUCKET`. */
  readonly destinationBucket: string;
  /**
   * Where source keys begin; empty or ending in a slash. Default `ecsproc/`. Source:
   * `SOURCE_PREFIX`.
   */
  readonly sourcePrefix: string;
  /**
   * Where rendition keys begin; empty or ending in a slash. Default `processed/`. Source:
   * `DESTINATION_PREFIX`.
   */
  readonly destinationPrefix: string;
  /** Renditions of every source object. Default `DEFAULT_RECIPE`. Source: `RECIPE`, JSON. */
  readonly recipe: Recipe;
  /**
   * Least fault of a source that keeps it from being rendered. Default `error`. Source: `FAIL_ON`.
   */
  readonly failOn: FailOn;
  /**
   * Account, twelve digits, that must own both buckets. Default: the account in `QUEUE_URL`.
   * Source: `EXPECTED_BUCKET_OWNER`.
   */
  readonly expectedBucketOwner?: string;
  /** Jobs at a time, 1 to 512; the default of 0 means twelve per CPU. Source: `JOB_CONCURRENCY`. */
  readonly jobConcurrency: number;
  /**
   * Seconds, 5 to 43,200, that a message stays hidden between two heartbeats. Default 120. Source:
   * `VISIBILITY_TIMEOUT_SECONDS`.
   */
  readonly visibilityTimeoutSeconds: number;
  /**
   * Seconds, 1 to the visibility timeout, that a job may take. Default 120. Source:
   * `JOB_TIMEOUT_SECONDS`.
   */
  readonly jobTimeoutSeconds: number;
  /**
   * Receives, 1 to 998, after which a job is given up; the queue's `maxReceiveCount` is two higher.
   * Default 8. Source: `MAX_ATTEMPTS`.
   */
  readonly maxAttempts: number;
  /**
   * Seconds, 1 to 3,600, of empty receives after which the task ends itself. Default 20. Source:
   * `IDLE_EXIT_SECONDS`.
   */
  readonly idleExitSeconds: number;
  /**
   * Seconds, 1 to 86,400, after which the task drains, so that a rollout ends. Default 3,600.
   * Source: `MAX_TASK_SECONDS`.
   */
  readonly maxTaskSeconds: number;
  /**
   * Seconds, 1 to 119, from SIGTERM to the exit; ECS kills after at most 120. Default 100. Source:
   * `DRAIN_DEADLINE_SECONDS`.
   */
  readonly drainDeadlineSeconds: number;
  /**
   * MiB, 256 to 131,072, that the task may use. Default: what the machine or container gives.
   * Source: `MEMORY_LIMIT_MIB`.
   */
  readonly memoryLimitMiB: number;
  /**
   * Bytes, 1 to 2 GiB, above which a source object is refused. Default 256 MiB. Source:
   * `MAX_SOURCE_BYTES`.
   */
  readonly maxSourceBytes: number;
  /**
   * Pixels, 1 to 10 thousand million, above which a source object is refused. Default 100 million.
   * Source: `MAX_SOURCE_PIXELS`.
   */
  readonly maxSourcePixels: number;
  /** Lowest level that is written. Default `info`. Source: `LOG_LEVEL`. */
  readonly logLevel: LogLevel;
  /**
   * AWS region. Default: the region in `QUEUE_URL`. Source: `AWS_REGION`, else
   * `AWS_DEFAULT_REGION`.
   */
  readonly region: string;
  /** Who calls S3 and SQS, `lean` or `sdk`. Default `lean`. Source: `AWS_CLIENT`. */
  readonly awsClient: AwsClient;
  /**
   * Instead of AWS's own; buckets are then part of the path. Source: `AWS_ENDPOINT_URL_S3`, else
   * `AWS_ENDPOINT_URL`.
   */
  readonly s3Endpoint?: string;
  /**
   * Instead of the host of `QUEUE_URL`. Source: `AWS_ENDPOINT_URL_SQS`, else `AWS_ENDPOINT_URL`.
   */
  readonly sqsEndpoint?: string;
  /**
   * Dimensions of the metrics, the scaler's own. Default: `default` for both. Sources:
   * `ENVIRONMENT`, `PIPELINE`.
   */
  readonly metricDimensions: { readonly environment: string; readonly pipeline: string };
  /** Pictures decoded at a time, at least 2. Source: two for each CPU that the process may use. */
  readonly maxRenders: number;
}

/** An environment with which the worker cannot run; the message has one sentence for each fault. */
export class EnvironmentError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'EnvironmentError';
  }
}

/** What the SDK is told, too. */
type SdkVariable = 'AWS_REGION' | 'AWS_DEFAULT_REGION' | (typeof ENDPOINTS)[number];
const ENDPOINTS = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_SQS'] as const;

/**
 * What is read: the variables that a task definition fills, and the SDK's own; another name fails
 * the types.
 */
export type Variables = Readonly<Partial<Record<VariableName | SdkVariable, string | undefined>>>;

const REQUIRED = [
  'QUEUE_URL',
  'DEAD_LETTER_QUEUE_URL',
  'SOURCE_BUCKET',
  'DESTINATION_BUCKET',
] as const;

/**
 * Reads and checks the whole environment. An empty variable counts as unset, except an empty
 * prefix, which is one.
 * @throws EnvironmentError with every fault at once.
 */
export function readEnvironment(
  variables: Variables = process.env,
  machine: Machine = thisMachine(),
): WorkerEnvironment {
  const recipe = readRecipe(variables.RECIPE);
  const faults = [
    ...REQUIRED.filter((name) => !variables[name]).map(
      (name) => `${name} is required but was not given`,
    ),
    ...textFaults(variables),
    ...numberFaults(variables, machine),
    ...recipe.faults,
  ];
  if (faults.length > 0) throw new EnvironmentError(faults);
  const number = (name: NumberName) => readNumber(variables, name, machine);
  const s3Endpoint = variables.AWS_ENDPOINT_URL_S3 || variables.AWS_ENDPOINT_URL;
  const sqsEndpoint = variables.AWS_ENDPOINT_URL_SQS || variables.AWS_ENDPOINT_URL;
  const expectedBucketOwner = ownerOf(variables);
  return {
    queueUrl: variables.QUEUE_URL ?? '',
    deadLetterQueueUrl: variables.DEAD_LETTER_QUEUE_URL ?? '',
    sourceBucket: variables.SOURCE_BUCKET ?? '',
    destinationBucket: variables.DESTINATION_BUCKET ?? '',
    ...prefixesOf(variables),
    recipe: recipe.recipe,
    failOn: (variables.FAIL_ON || DEFAULT_FAIL_ON) as FailOn,
    ...(expectedBucketOwner ? { expectedBucketOwner } : {}),
    jobConcurrency: number('JOB_CONCURRENCY') || JOBS_PER_CPU * machine.cpus,
    visibilityTimeoutSeconds: number('VISIBILITY_TIMEOUT_SECONDS'),
    jobTimeoutSeconds: number('JOB_TIMEOUT_SECONDS'),
    maxAttempts: number('MAX_ATTEMPTS'),
    idleExitSeconds: number('IDLE_EXIT_SECONDS'),
    maxTaskSeconds: number('MAX_TASK_SECONDS'),
    drainDeadlineSeconds: number('DRAIN_DEADLINE_SECONDS'),
    memoryLimitMiB: number('MEMORY_LIMIT_MIB'),
    maxSourceBytes: number('MAX_SOURCE_BYTES'),
    maxSourcePixels: number('MAX_SOURCE_PIXELS'),
    logLevel: (variables.LOG_LEVEL || 'info') as LogLevel,
    awsClient: (variables.AWS_CLIENT || AWS_CLIENTS[0]) as AwsClient,
    region: regionOf(variables) ?? '',
    ...(s3Endpoint ? { s3Endpoint } : {}),
    ...(sqsEndpoint ? { sqsEndpoint } : {}),
    metricDimensions: {
      environment: variables.ENVIRONMENT || 'default',
      pipeline: variables.PIPELINE || 'default',
    },
    maxRenders: RENDERS_PER_CPU * machine.cpus,
  };
}

/**
 * A decode keeps one CPU busy for about 12 ms a photo; at 25 ms a round trip eleven other jobs wait
 * for S3 and SQS meanwhile.
 */
const JOBS_PER_CPU = 12;

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

function textFaults(variables: Variables): string[] {
  const { sourcePrefix, destinationPrefix } = prefixesOf(variables);
  const rules: readonly (readonly [boolean, string])[] = [
    ...(['QUEUE_URL', 'DEAD_LETTER_QUEUE_URL', ...ENDPOINTS] as const).map((name) => {
      const value = variables[name];
      return [
        !value || isHttpUrl(value),
        `${name} must be an http or https URL, but ${value} was given`,
      ] as const;
    }),
    [isPrefix(sourcePrefix), prefixFault('SOURCE_PREFIX', sourcePrefix)],
    [isPrefix(destinationPrefix), prefixFault('DESTINATION_PREFIX', destinationPrefix)],
    [
      variables.SOURCE_BUCKET !== variables.DESTINATION_BUCKET ||
        !destinationPrefix.startsWith(sourcePrefix),
      `DESTINATION_PREFIX must lie outside SOURCE_PREFIX when both are in one bucket, since renditions would become sources, but ${destinationPrefix} lies below ${sourcePrefix || 'the empty prefix'}`,
    ],
    [
      !variables.QUEUE_URL || variables.QUEUE_URL !== variables.DEAD_LETTER_QUEUE_URL,
      `DEAD_LETTER_QUEUE_URL must name another queue than QUEUE_URL, but both are ${variables.QUEUE_URL}`,
    ],
    [
      !variables.EXPECTED_BUCKET_OWNER || /^\d{12}$/.test(variables.EXPECTED_BUCKET_OWNER),
      `EXPECTED_BUCKET_OWNER must be an account id of 12 digits, but ${variables.EXPECTED_BUCKET_OWNER} was given`,
    ],
    [
      !variables.LOG_LEVEL || LOG_LEVELS.some((level) => level === variables.LOG_LEVEL),
      `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, but ${variables.LOG_LEVEL} was given`,
    ],
    [
      !variables.AWS_CLIENT || AWS_CLIENTS.some((client) => client === variables.AWS_CLIENT),
      `AWS_CLIENT must be one of ${AWS_CLIENTS.join(', ')}, but ${variables.AWS_CLIENT} was given`,
    ],
    [
      !variables.FAIL_ON || FAIL_ON.some((word) => word === variables.FAIL_ON),
      `FAIL_ON must be one of ${FAIL_ON.join(', ')}, but ${variables.FAIL_ON} was given`,
    ],
    [
      !variables.QUEUE_URL || regionOf(variables) !== undefined,
      'AWS_REGION is required, since QUEUE_URL does not name a region, but was not given',
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}

function readRecipe(json: string | undefined): { recipe: Recipe; faults: readonly string[] } {
  if (!json) return { recipe: DEFAULT_RECIPE, faults: [] };
  try {
    return { recipe: parseRecipe(json), faults: [] };
  } catch (error) {
    if (error instanceof RecipeError) return { recipe: [], faults: error.faults };
    throw error;
  }
}

function prefixesOf(variables: Variables): { sourcePrefix: string; destinationPrefix: string } {
  return {
    sourcePrefix: variables.SOURCE_PREFIX ?? 'ecsproc/',
    destinationPrefix: variables.DESTINATION_PREFIX ?? 'processed/',
  };
}

function prefixFault(name: string, value: string): string {
  return `${name} must be empty or end in a slash and not begin with one, but ${value} was given`;
}

/** `https://sqs.<region>.amazonaws.com/<account>/<queue>`; emulators keep the path. */
function ownerOf(variables: Variables): string | undefined {
  return (
    variables.EXPECTED_BUCKET_OWNER || /\/(\d{12})\/[^/]+$/.exec(variables.QUEUE_URL ?? '')?.[1]
  );
}

function regionOf(variables: Variables): string | undefined {
  const named = variables.AWS_REGION || variables.AWS_DEFAULT_REGION;
  return named || /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(variables.QUEUE_URL ?? '')?.[1];
}

function isHttpUrl(value: string): boolean {
  return /^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : '');
}
