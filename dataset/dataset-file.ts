import * as z from 'zod/mini';
import { DATASET_KEY } from '../application-code/worker/src/parts/dataset-places';
import { DatasetError } from './faults';
import type { DatasetStore } from './ports';

const count = z.int().check(z.nonnegative());
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** A path below the place of dataset.json, and never out of it. */
const key = z.string().check(z.regex(/^(?!(.*\/)?\.\.(\/|$))[^/]/));

const shard = z.object({
  key,
  split: z.string(),
  samples: count,
  bytes: count,
  sha256,
});

const rowsFile = z.object({ key, rows: count, bytes: count, sha256 });

/** What dataset.json says. It is the commit of a generation: what it lists, belongs to it. */
const datasetFile = z.object({
  spillway: z.literal('dataset'),
  version: z.literal(1),
  /** From 1; numbers may be left out. */
  generation: count,
  /** In ISO 8601. */
  createdAt: z.string(),
  workload: z.string(),
  recipeHash: z.string(),
  recipe: z.unknown(),
  source: z.object({ bucket: z.string(), prefix: z.string() }),
  samplesPerShard: count,
  /** Of the shuffle; absent where the order is that of the parts. */
  seed: z.optional(z.string()),
  splits: z.object({
    by: z.enum(['hash', 'ratio']),
    splits: z.array(z.object({ name: z.string(), share: z.number() })),
  }),
  withoutDeleted: z.boolean(),
  /** Bits in which near-duplicates differ at most; absent where all samples are taken. */
  nearDuplicates: z.optional(count),
  counts: z.object({
    samples: count,
    bySplit: z.record(z.string(), count),
    byClass: z.record(z.string(), count),
    /** Samples without a label. */
    withoutLabel: count,
    /** Sources that a filter left out; `left-out.jsonl` names them. */
    leftOut: count,
    leftOutByOutput: z.record(z.string(), count),
    /** Samples that look like another one. */
    nearDuplicates: count,
    /** Sources that are gone. */
    deleted: count,
    /** Sources of which no part has the version that the bucket has. */
    lacking: count,
  }),
  /** Of the samples' events, in ISO 8601; absent where no event had a time. */
  eventTimes: z.optional(z.object({ first: z.string(), last: z.string() })),
  /** Number of each class by its name; a number never changes from one generation to the next. */
  classes: z.record(z.string(), count),
  shards: z.array(shard),
  indexes: z.array(rowsFile),
  leftOut: z.optional(rowsFile),
  /** Keys of the parts' indexes whose rows were read, below the place of dataset.json. */
  parts: z.array(z.string()),
  /** Hash of all that the shards follow from. */
  plan: z.string(),
});

export type DatasetFile = Readonly<z.infer<typeof datasetFile>>;
export type DatasetShard = Readonly<z.infer<typeof shard>>;
export type RowsFile = Readonly<z.infer<typeof rowsFile>>;

export interface CommittedDataset {
  readonly file: DatasetFile;
  readonly eTag: string;
}

export function datasetText(file: DatasetFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The dataset of the last generation, or undefined before the first one. */
export async function readDataset(
  store: DatasetStore,
  prefix: string,
): Promise<CommittedDataset | undefined> {
  const key = `${prefix}${DATASET_KEY}`;
  const object = await store.text(key);
  return object && { file: parseDataset(object.text, key), eTag: object.eTag };
}

/** @throws DatasetError when it is not what a finish writes. */
function parseDataset(text: string, key: string): DatasetFile {
  const result = z.safeParse(datasetFile, jsonOf(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') || 'the whole of it';
  throw new DatasetError(
    `${key} is not the dataset.json that a finish writes: ${place} is wrong (${issue?.message}). ` +
      'Restore the version before, or move it away: the next finish then makes a dataset of all ' +
      'parts.',
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
