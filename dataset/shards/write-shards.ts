import type { DatasetShard } from '../dataset-file';
import { DatasetError } from '../faults';
import type { IndexEntry } from '../parquet/index-columns';
import { type Classes, layOut, type PlacedSample, shardBytes } from '../plan/layout';
import type { FormerShard, PlannedShard } from '../plan/plan';
import type { DatasetPorts, DatasetStore } from '../ports';
import type { Material } from '../rows/collect';
import { isSample } from '../rows/versions';
import { type Print, printed, printOf } from './checksum';
import { fileName, generationFolder, shardName } from './names';
import { shardBody } from './shard-body';

/** A plan, and where it is carried out. */
export interface ShardWriting {
  readonly prefix: string;
  readonly generation: number;
  readonly shards: readonly PlannedShard[];
  readonly classes: Classes;
  readonly material: Material;
  /** Those of the last generation, with what its dataset.json says of them. */
  readonly former: readonly DatasetShard[];
}

/**
 * Writes the shards of a generation. One that is there already, since an earlier run of the same
 * plan was killed, is read for its checksum instead.
 */
export async function writeShards(
  { store, progress }: DatasetPorts,
  writing: ShardWriting,
): Promise<readonly DatasetShard[]> {
  const { prefix, generation, shards } = writing;
  const there = await listed(store, `${prefix}${generationFolder(generation)}`);
  const done: DatasetShard[] = [];
  for (const shard of shards) {
    done.push(await writeShard(store, { ...writing, there }, shard));
    progress?.({ event: 'shards-written', shards: done.length, of: shards.length });
  }
  return done;
}

async function listed(store: DatasetStore, folder: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const { key } of store.list(folder)) keys.add(key);
  return keys;
}

async function writeShard(
  store: DatasetStore,
  writing: ShardWriting & { readonly there: ReadonlySet<string> },
  shard: PlannedShard,
): Promise<DatasetShard> {
  if (shard.same) return describedBefore(writing.former, shard.same);
  const { prefix, generation, material } = writing;
  const { split, number } = shard;
  const key = `${generationFolder(generation)}${shardName(split, number)}`;
  const samples = placedSamples(shard, writing);
  const place = `${prefix}${key}`;
  const print = writing.there.has(place)
    ? await printOf(store.stream(place))
    : await writeOnce(store, place, shardBody(store, samples, material.tars));
  if (print.bytes !== shardBytes(samples)) throw foreign(place, print.bytes, shardBytes(samples));
  return { key, split, samples: samples.length, ...print };
}

/** @returns what lies there afterwards, also if another run of the same plan was faster. */
export async function writeOnce(
  store: DatasetStore,
  key: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Print> {
  const { body, print } = printed(content);
  return (await store.create(key, body)) ? print() : printOf(store.stream(key));
}

function describedBefore(former: readonly DatasetShard[], { key }: FormerShard): DatasetShard {
  const shard = former.find((one) => one.key === key);
  if (!shard) throw new Error(`The last generation must have ${key}.`);
  return shard;
}

const foreign = (key: string, bytes: number, expected: number) =>
  new DatasetError(
    `${key} has ${bytes} bytes instead of ${expected}: something else wrote it. Move it away and ` +
      'finish again.',
  );

/** The samples of a shard in it; of one that stays they are where they were. */
function placedSamples(
  { versions: ofShard }: PlannedShard,
  { material: { versions }, classes }: Pick<ShardWriting, 'material' | 'classes'>,
): readonly PlacedSample[] {
  const rows = Array.from(ofShard, (version) => {
    const row = versions.read(version);
    if (!isSample(row)) throw new Error(`Version ${version} must be a sample.`);
    return { row, tar: versions.get('tar', version) };
  });
  return layOut(rows, classes);
}

/** The index of all shards, in their order. */
export async function* indexEntries(writing: ShardWriting): AsyncGenerator<IndexEntry> {
  for (const shard of writing.shards) {
    const { split, number, same } = shard;
    const name = same ? fileName(same.key) : shardName(split, number);
    for (const { row, classNumber } of placedSamples(shard, writing))
      yield { row, shard: name, split, ...(classNumber !== undefined && { classNumber }) };
  }
}
