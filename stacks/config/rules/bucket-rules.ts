import { recipeOf } from '../../../application-code/workloads';
import { CANARY_PREFIX } from '../../../contract/delivery';
import { datasetPlaces } from '../../../contract/destination';
import { notificationFilters } from '../../../contract/notification';
import type { ExistingBucket } from '../blueprint-config';
import type { PipelineSubject } from './rules';

/** What the settings of two pipelines of one environment must be together. */
export interface PairRule {
  /** Settings of either that it reads. */
  readonly about: readonly string[];
  /** Whether it is also about a pipeline's own two buckets. */
  readonly withItself?: true;
  readonly fault: (
    one: PipelineSubject,
    other: PipelineSubject,
    at: string,
    otherAt: string,
  ) => string | false;
}

const BUCKETS = ['existingSourceBucket', 'existingDestinationBucket'];

/** Rules for each two pipelines of an environment, in one order. */
export const PAIR_RULES: readonly PairRule[] = [
  {
    about: [...BUCKETS, 'destination', 'destinationPrefix', 'workload', 'recipe'],
    fault: (one, other, at, otherAt) => {
      const [first, second] = [one.destinationPrefix, other.destinationPrefix];
      const clash =
        first === second || folders(one).some((a) => folders(other).some((b) => overlap(a, b)));
      return (
        bucketOf(one, 'Destination') === bucketOf(other, 'Destination') &&
        clash &&
        `${otherAt}.destinationPrefix must keep its renditions apart from those of ${at} ` +
          `in their common bucket, but ${JSON.stringify(second)} and ` +
          `${JSON.stringify(first)} were given`
      );
    },
  },
  {
    about: ['existingSourceBucket', 'sourcePrefix', 'suffixes'],
    // EventBridge, which feeds the queue from an existing bucket, has no such limit.
    fault: (one, other, at, otherAt) =>
      !one.existingSourceBucket &&
      bucketOf(one, 'Source') === bucketOf(other, 'Source') &&
      overlap(one.sourcePrefix, other.sourcePrefix) &&
      suffixesOf(one).some((a) => suffixesOf(other).some((b) => a.endsWith(b) || b.endsWith(a))) &&
      `${otherAt}.sourcePrefix must not overlap with that of ${at} in their common bucket, ` +
        'unless no key can match the suffixes of both, since S3 rejects that, but ' +
        `${JSON.stringify(other.sourcePrefix)} and ${JSON.stringify(one.sourcePrefix)} were ` +
        'given',
  },
  {
    about: BUCKETS,
    withItself: true,
    fault: (one, other, at, otherAt) => {
      const [first, second] = differentKeys(one, other);
      return (
        second !== undefined &&
        `${otherAt} must give ${second.name} the same kmsKeyArn as ${at}, but ` +
          `${second.kmsKeyArn ?? 'none'} and ${first?.kmsKeyArn ?? 'none'} were given`
      );
    },
  },
];

/** Rules for each pipeline with each, itself too, both ways round. */
export const LOOP_RULES: readonly PairRule[] = [
  {
    about: [...BUCKETS, 'sourcePrefix', 'destination', 'destinationPrefix', 'workload', 'recipe'],
    fault: (one, other, at, otherAt) =>
      bucketOf(one, 'Destination') === bucketOf(other, 'Source') &&
      folders(one).some((folder) => overlap(folder, other.sourcePrefix)) &&
      `${at}.destinationPrefix must lie outside sourcePrefix of ${otherAt} in their common ` +
        'bucket, since outputs would become sources, endlessly, but ' +
        `${JSON.stringify(one.destinationPrefix)} and ${JSON.stringify(other.sourcePrefix)} ` +
        'were given',
  },
  {
    about: [...BUCKETS, 'sourcePrefix', 'image'],
    fault: (one, other, at, otherAt) =>
      one.image === null &&
      ends(one).includes(bucketOf(other, 'Source')) &&
      overlap(other.sourcePrefix, CANARY_PREFIX) &&
      `${otherAt}.sourcePrefix must keep out of ${CANARY_PREFIX}, where canaries of ${at} ` +
        'put objects that are no jobs, but ' +
        `${JSON.stringify(other.sourcePrefix)} was given; choose another prefix, or give ` +
        `${at} an image`,
  },
  {
    about: [...BUCKETS, 'destination', 'destinationPrefix', 'workload', 'recipe', 'image'],
    fault: (one, other, at, otherAt) =>
      one.image === null &&
      ends(one).includes(bucketOf(other, 'Destination')) &&
      folders(other).some((folder) => overlap(folder, CANARY_PREFIX)) &&
      `${otherAt}.destinationPrefix must keep its renditions out of ${CANARY_PREFIX}, ` +
        `which canaries of ${at} clear, but ${JSON.stringify(other.destinationPrefix)} was ` +
        `given; choose another prefix, or give ${at} an image`,
  },
];

const MAX_FILTERS = 100;

/** https://docs.aws.amazon.com/general/latest/gr/s3.html: event notifications of a bucket. */
export function filterFault(pipelines: readonly PipelineSubject[], at: string): string | false {
  const own = pipelines.filter(({ existingSourceBucket }) => !existingSourceBucket);
  const count = own.flatMap((subject) => notificationFilters(subject.pipeline, subject)).length;
  return (
    own.some(({ parent }) => parent.buckets.shared) &&
    count > MAX_FILTERS &&
    `${at}.pipelines must have at most ${MAX_FILTERS} suffixes in all, a pipeline without ` +
      `any counting as one, since a bucket has no more notifications, but ${count} were given`
  );
}

/** Where the outputs of a pipeline lie. */
function folders(subject: PipelineSubject): readonly string[] {
  const { destinationPrefix, destination, workload, recipe } = subject;
  if (destination.kind === 'shards') return datasetPlaces(destinationPrefix);
  const outputs = recipeOf(workload).outputs(recipe);
  if (outputs === 'manifest') return [destinationPrefix];
  return outputs.map(({ folder }) => `${destinationPrefix}${folder}`);
}

/** Whether a key can begin with both. */
function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** Without suffixes every key matches: the empty ending. */
function suffixesOf({ suffixes }: PipelineSubject): readonly string[] {
  return suffixes.length > 0 ? suffixes : [''];
}

/** Both buckets of a pipeline: a canary writes in each. */
function ends(subject: PipelineSubject): readonly string[] {
  return [bucketOf(subject, 'Source'), bucketOf(subject, 'Destination')];
}

/** What tells one bucket from another; an own bucket is never an existing one. */
function bucketOf(subject: PipelineSubject, end: 'Source' | 'Destination'): string {
  const existing = subject[`existing${end}Bucket`];
  if (existing) return `existing ${existing.name}`;
  return subject.parent.buckets.shared ? `shared ${end}` : `${end} of ${subject.pipeline}`;
}

function differentKeys(one: PipelineSubject, other: PipelineSubject): readonly ExistingBucket[] {
  const existing = ({ existingSourceBucket: a, existingDestinationBucket: b }: PipelineSubject) =>
    [a, b].filter((bucket) => bucket !== null);
  const pairs = existing(one).flatMap((a) => existing(other).map((b) => [a, b] as const));
  return pairs.find(([a, b]) => a.name === b.name && a.kmsKeyArn !== b.kmsKeyArn) ?? [];
}
