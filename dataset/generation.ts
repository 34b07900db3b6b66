import { claimGeneration, planHash } from './claim';
import { commit } from './commit';
import type { CommittedDataset, DatasetFile } from './dataset-file';
import { indexBody } from './parquet/index-file';
import { planShards } from './plan/plan';
import { type SplitRule, WHOLE } from './plan/splits';
import type { DatasetPorts, ListedSource } from './ports';
import type { Material } from './rows/collect';
import { countSamples, eventTimesOf, numberClasses } from './rows/counts';
import { countByOutput, leftOutBody } from './rows/left-out';
import { type NearDuplicates, withoutNearDuplicates } from './rows/near-duplicates';
import type { NewestVersions } from './rows/newest';
import type { ListedPart } from './rows/parts';
import { generationKeys } from './shards/names';
import { indexEntries, type ShardWriting, writeOnce, writeShards } from './shards/write-shards';

export interface FinishOptions {
  /** Of the destination: what a key begins with, or nothing. */
  readonly prefix: string;
  readonly source: { readonly bucket: string; readonly prefix: string };
  readonly samplesPerShard: number;
  /** Shuffles; without it former samples keep their order, and new ones follow. */
  readonly seed?: string;
  readonly splits?: SplitRule;
  /** Leaves out samples of sources that are gone. */
  readonly withoutDeleted?: boolean;
  /** Leaves out pictures that differ from another one in at most this number of 64 bits. */
  readonly nearDuplicates?: number;
  /** Hash of the recipe; without it the one of the newest part. */
  readonly recipe?: string;
  /** Called with each source of which no part has the version that the bucket has. */
  readonly onLacking?: (source: ListedSource) => void;
  readonly now: () => number;
}

export interface DatasetSummary {
  readonly dataset: DatasetFile;
  /** False if the last generation has all of it: nothing was written. */
  readonly isNew: boolean;
  readonly shardsWritten: number;
  readonly lacking: NewestVersions['lacking'];
  /** Samples without a perceptual hash, of which near-duplicates are not known. */
  readonly withoutPictureHash: number;
}

/** What a finish has read. */
export interface Finding {
  readonly last: CommittedDataset | undefined;
  /** The same, if it is of the chosen recipe. */
  readonly former: CommittedDataset | undefined;
  /** Of the chosen recipe. */
  readonly parts: readonly ListedPart[];
  readonly material: Material;
  readonly newest: NewestVersions;
}

type Plan = Pick<ShardWriting, 'shards' | 'classes'> & {
  readonly hash: string;
  readonly unique: NearDuplicates;
};

/** Plans the shards of a generation, writes those that are not there yet, and commits them. */
export async function makeGeneration(
  ports: DatasetPorts,
  options: FinishOptions,
  found: Finding,
): Promise<DatasetSummary> {
  const plan = planOf(options, found);
  const said = { lacking: found.newest.lacking, withoutPictureHash: plan.unique.withoutHash };
  if (found.former && isDone(plan, found, options.prefix))
    return { dataset: found.former.file, isNew: false, shardsWritten: 0, ...said };
  const generation = await claimGeneration(
    { store: ports.store, prefix: options.prefix },
    found.last?.file.generation ?? 0,
    {
      spillway: 'plan',
      plan: plan.hash,
      shards: plan.shards.filter(({ same }) => !same).length,
      startedAt: new Date(options.now()).toISOString(),
    },
  );
  const file = await writeGeneration(ports, options, { found, plan, generation });
  const dataset = await commit(ports.store, { prefix: options.prefix, last: found.last, file });
  const shardsWritten = plan.shards.filter(({ same }) => !same).length;
  return { dataset, isNew: true, shardsWritten, ...said };
}

function planOf(options: FinishOptions, { former, material, newest }: Finding): Plan {
  const { versions } = material;
  const { splits = WHOLE, samplesPerShard, seed, nearDuplicates } = options;
  const unique =
    nearDuplicates === undefined
      ? { kept: newest.samples, dropped: 0, withoutHash: 0 }
      : withoutNearDuplicates(newest.samples, versions, nearDuplicates);
  const shards = planShards(unique.kept, versions, {
    ...{ samplesPerShard, splits, former: former?.file.shards ?? [] },
    ...(seed !== undefined && { seed }),
  });
  const classes = numberClasses(unique.kept, versions, former?.file.classes);
  const leftOut = Array.from(newest.leftOut, (version) => versions.identity(version));
  const settings = { ...settingsOf(options), classes: [...classes], leftOut };
  return { shards, classes, unique, hash: planHash(shards, material, settings) };
}

/** What dataset.json repeats of the options. */
function settingsOf(options: FinishOptions) {
  const { splits = WHOLE, samplesPerShard, seed, nearDuplicates, withoutDeleted = false } = options;
  return {
    samplesPerShard,
    ...(seed !== undefined && { seed }),
    splits: { by: splits.by, splits: [...splits.splits] },
    withoutDeleted,
    ...(nearDuplicates !== undefined && { nearDuplicates }),
  };
}

/** Whether the last generation has these shards, these rows and all parts. */
function isDone({ shards }: Plan, { former, parts, newest }: Finding, prefix: string): boolean {
  if (!former) return false;
  const { file } = former;
  const known = new Set(file.parts.map((part) => `${prefix}${part}`));
  return (
    shards.length === file.shards.length &&
    shards.every(({ same }) => same !== undefined) &&
    newest.leftOut.length === file.counts.leftOut &&
    parts.every(({ index }) => known.has(index))
  );
}

interface GenerationWriting {
  readonly found: Finding;
  readonly plan: Plan;
  readonly generation: number;
}

async function writeGeneration(
  ports: DatasetPorts,
  options: FinishOptions,
  { found, plan, generation }: GenerationWriting,
): Promise<DatasetFile> {
  const { material, newest, parts } = found;
  const { shards, classes, unique } = plan;
  const { versions } = material;
  const { prefix, source, now } = options;
  const former = found.former?.file.shards ?? [];
  const writing = { prefix, generation, shards, classes, material, former };
  const written = await writeShards(ports, writing);
  const counted = countSamples(shards, versions, {
    splits: (options.splits ?? WHOLE).splits.map(({ name }) => name),
    classes: classes.keys(),
  });
  const rows = await writeRows(ports, writing, { ...counted, leftOut: newest.leftOut });
  const eventTimes = eventTimesOf(unique.kept, versions);
  const { recipe, recipeHash, workload } = material.made;
  return {
    ...{ spillway: 'dataset', version: 1, generation },
    createdAt: new Date(now()).toISOString(),
    ...{ workload, recipeHash, recipe, source, ...settingsOf(options) },
    counts: {
      ...counted,
      leftOut: newest.leftOut.length,
      leftOutByOutput: countByOutput(newest.leftOut, versions),
      nearDuplicates: unique.dropped,
      deleted: newest.deleted,
      lacking: newest.lacking.count,
    },
    ...(eventTimes && { eventTimes }),
    classes: Object.fromEntries(classes),
    shards: [...written],
    ...rows,
    parts: parts.map(({ index }) => index.slice(prefix.length)),
    plan: plan.hash,
  };
}

/** Writes the index, and the list of what was left out, if anything was. */
async function writeRows(
  { store }: DatasetPorts,
  writing: ShardWriting,
  { samples, leftOut }: { readonly samples: number; readonly leftOut: Uint32Array },
): Promise<Pick<DatasetFile, 'indexes' | 'leftOut'>> {
  const { prefix, generation, material } = writing;
  const keys = generationKeys(generation);
  const body = indexBody(indexEntries(writing), material.workloadColumns);
  const index = await writeOnce(store, `${prefix}${keys.index}`, body);
  const indexes = [{ key: keys.index, rows: samples, ...index }];
  if (leftOut.length === 0) return { indexes };
  const lines = leftOutBody(leftOut, material.versions);
  const print = await writeOnce(store, `${prefix}${keys.leftOut}`, lines);
  return { indexes, leftOut: { key: keys.leftOut, rows: leftOut.length, ...print } };
}
