import * as z from 'zod/mini';
import { defaultOf, matching, oneOf, setting, text, wholeNumber } from '../../../text/setting';
import type { ValuesOf, VariableOf, Variables } from '../../../text/variables';
import { isPrefix } from './job/keys';
import { LOG_LEVELS } from './log-lines';

/** Who calls S3 and SQS: a lean client of the SDK's parts, or the AWS SDK as a whole. */
export const AWS_CLIENTS = ['lean', 'sdk'] as const;
export type AwsClient = (typeof AWS_CLIENTS)[number];

/** SQS hides a message for twelve hours from its receive at most, however often it is extended. */
export const MAX_HIDDEN_SECONDS = 43_200;

/**
 * 50 TB, which S3 takes since December 2025:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
const MAX_OBJECT_BYTES = 50_000_000_000_000;

/** Half of the longest key, so that an output's name and the source's own path have room. */
const MAX_PREFIX_BYTES = 512;

// S3's filters and EventBridge's patterns are exact, and IAM would read `*`, `?` and `$` in a key
// as more than themselves.
const keyPrefix = text(
  `empty, or at most ${MAX_PREFIX_BYTES} letters, digits and \`/ ! - _ . ' ( )\` that end in a ` +
    'slash and do not begin with one',
  (prefix) =>
    isPrefix(prefix) && new RegExp(`^[A-Za-z0-9/!_.'()-]{0,${MAX_PREFIX_BYTES}}$`).test(prefix),
);
const queueUrl = text('the http or https URL of an SQS queue', isHttpUrl);
const bucket = matching("a bucket's name", /^\S+$/);

/**
 * Every variable of the engine that a task definition fills. What has a default is a setting of
 * the configuration, too; the rest says what the worker works on. Retention, visibility and receive
 * limits are those of SQS.
 */
export const WORKER_VARIABLES = {
  queueUrl: { variable: 'QUEUE_URL', schema: queueUrl },
  deadLetterQueueUrl: { variable: 'DEAD_LETTER_QUEUE_URL', schema: queueUrl },
  sourceBucket: { variable: 'SOURCE_BUCKET', schema: bucket },
  destinationBucket: { variable: 'DESTINATION_BUCKET', schema: bucket },
  /** Account that must own both buckets; without it the account in `QUEUE_URL`. */
  expectedBucketOwner: {
    variable: 'EXPECTED_BUCKET_OWNER',
    schema: z.optional(matching('an account id of 12 digits', /^\d{12}$/)),
  },
  sourcePrefix: {
    variable: 'SOURCE_PREFIX',
    schema: setting(
      keyPrefix,
      'ecsproc/',
      'Where source keys begin; neither empty nor below `canary/` in a bucket where canaries ' +
        'read, unless `image` is given.',
    ),
  },
  destinationPrefix: {
    variable: 'DESTINATION_PREFIX',
    schema: setting(keyPrefix, 'processed/', 'Where the keys of outputs begin.'),
  },
  /** JSON that the workload reads; without it the workload's default. */
  recipe: { variable: 'RECIPE', schema: z.optional(z.string()) },
  jobConcurrency: {
    variable: 'JOB_CONCURRENCY',
    schema: setting(
      wholeNumber({ unit: 'jobs', min: 0, max: 512 }),
      0,
      'Jobs at a time in one task; 0 means 20 per CPU, or as many as the size of a job allows, ' +
        'which no other number exceeds.',
    ),
  },
  visibilityTimeoutSeconds: {
    variable: 'VISIBILITY_TIMEOUT_SECONDS',
    schema: setting(
      wholeNumber({ unit: 'seconds', min: 5, max: MAX_HIDDEN_SECONDS }),
      120,
      'Time that a message stays hidden between two heartbeats.',
    ),
  },
  jobTimeoutSeconds: {
    variable: 'JOB_TIMEOUT_SECONDS',
    schema: setting(
      wholeNumber({ unit: 'seconds', min: 1, max: MAX_HIDDEN_SECONDS }),
      120,
      'Time that a job may take; together with the visibility timeout 12 hours at most.',
    ),
  },
  maxAttempts: {
    variable: 'MAX_ATTEMPTS',
    schema: setting(
      wholeNumber({ unit: 'receives', min: 1, max: 998 }),
      8,
      "Receives after which a job is given up; the queue's `maxReceiveCount` is two higher.",
    ),
  },
  maxInterruptions: {
    variable: 'MAX_INTERRUPTIONS',
    schema: setting(
      wholeNumber({ unit: 'interruptions', min: 1, max: 1_000 }),
      20,
      'Times that a job may end early without a fault of its own, such as by Spot, before it is ' +
        'given up as `Interrupted`.',
    ),
  },
  idleExitSeconds: {
    variable: 'IDLE_EXIT_SECONDS',
    schema: setting(
      wholeNumber({ unit: 'seconds', min: 1, max: 86_400 }),
      20,
      'Time of empty receives after which a task ends itself.',
    ),
  },
  maxTaskSeconds: {
    variable: 'MAX_TASK_SECONDS',
    schema: setting(
      wholeNumber({ unit: 'seconds', min: 1, max: 86_400 }),
      3_600,
      'Age at which a task takes no more jobs and ends with its last one, so that a rollout ends.',
    ),
  },
  drainDeadlineSeconds: {
    variable: 'DRAIN_DEADLINE_SECONDS',
    schema: setting(
      wholeNumber({ unit: 'seconds', min: 1, max: 119 }),
      100,
      "Time from SIGTERM to the task's own end; ECS kills it after 120 seconds.",
    ),
  },
  /** Memory that the task may use; without it what the machine has. */
  memoryLimitMiB: {
    variable: 'MEMORY_LIMIT_MIB',
    schema: z.optional(wholeNumber({ unit: 'MiB', min: 256, max: 262_144 })),
  },
  maxSourceBytes: {
    variable: 'MAX_SOURCE_BYTES',
    schema: setting(
      wholeNumber({ unit: 'bytes', min: 1, max: MAX_OBJECT_BYTES }),
      256 * 2 ** 20,
      'Size above which a source object is refused. A workload that reads sources into memory ' +
        'has a limit of its own, too: pictures have at most 2 GiB.',
    ),
  },
  logLevel: {
    variable: 'LOG_LEVEL',
    schema: setting(oneOf(LOG_LEVELS), 'info', 'Lowest level that the worker logs.'),
  },
  awsClient: {
    variable: 'AWS_CLIENT',
    schema: setting(
      oneOf(AWS_CLIENTS),
      'lean',
      "What calls S3 and SQS: `lean`, a client of the AWS SDK's parts at a fraction of its CPU " +
        'time, or `sdk`, the SDK itself.',
    ),
  },
  /** Must be the workload of the worker's image. */
  workload: { variable: 'WORKLOAD', schema: z.optional(z.string()) },
  /** Dimension of the metrics, as of the scaler's. */
  environment: { variable: 'ENVIRONMENT', schema: z.optional(z.string()) },
  /** Dimension of the metrics, as of the scaler's. */
  pipeline: { variable: 'PIPELINE', schema: z.optional(z.string()) },
} as const satisfies Variables;

const endpoint = z.optional(text('an http or https URL', isHttpUrl));
/** What a launch says to its tasks alone: a canary of the same revision takes all its samples. */
export const LAUNCH_VARIABLES = {
  /** Messages that a task takes before it ends; without it as many as there are. */
  jobLimit: {
    variable: 'JOB_LIMIT',
    schema: z.optional(wholeNumber({ unit: 'messages', min: 1, max: 1_000_000 })),
  },
} as const satisfies Variables;

const region = z.optional(z.string());

/** What the AWS SDK itself reads, in whatever process. */
export const SDK_VARIABLES = {
  region: { variable: 'AWS_REGION', schema: region },
  defaultRegion: { variable: 'AWS_DEFAULT_REGION', schema: region },
  endpoint: { variable: 'AWS_ENDPOINT_URL', schema: endpoint },
  s3Endpoint: { variable: 'AWS_ENDPOINT_URL_S3', schema: endpoint },
  sqsEndpoint: { variable: 'AWS_ENDPOINT_URL_SQS', schema: endpoint },
} as const satisfies Variables;

/** A variable that a task definition fills; a renamed one fails the types of whatever fills it. */
export type VariableName = VariableOf<typeof WORKER_VARIABLES>;
/** A variable that a launch fills. */
export type LaunchVariable = VariableOf<typeof LAUNCH_VARIABLES>;
export type WorkerValues = ValuesOf<typeof WORKER_VARIABLES & typeof LAUNCH_VARIABLES>;

/**
 * Longest life of a task in seconds, by the variables of its container: one that is too old takes
 * no more jobs, and finishes those that it has.
 */
export function longestTaskSeconds(
  variables: Readonly<Record<string, string | undefined>>,
): number {
  return [WORKER_VARIABLES.maxTaskSeconds, WORKER_VARIABLES.jobTimeoutSeconds]
    .map(({ variable, schema }) => Number(variables[variable] ?? defaultOf(schema)))
    .reduce((sum, seconds) => sum + seconds);
}

function isHttpUrl(value: string): boolean {
  return /^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : '');
}
