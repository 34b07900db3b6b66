import { SHARDS_FOLDER } from '../../application-code/worker/src/parts/dataset-places';

/** Keys of a dataset below the destination prefix of its pipeline. */

const GENERATION_DIGITS = 4;
const SHARD_DIGITS = 6;

/** Folder of the shards and indexes of one generation. */
export function generationFolder(generation: number): string {
  return `${SHARDS_FOLDER}${String(generation).padStart(GENERATION_DIGITS, '0')}/`;
}

/** Name of a shard, which no other one of its dataset has. */
export function shardName(split: string, number: number): string {
  return `${split}-${String(number).padStart(SHARD_DIGITS, '0')}.tar`;
}

export const generationKeys = (generation: number) => ({
  plan: `${generationFolder(generation)}plan.json`,
  index: `${generationFolder(generation)}index.parquet`,
  leftOut: `${generationFolder(generation)}left-out.jsonl`,
});

export const fileName = (key: string) => key.slice(key.lastIndexOf('/') + 1);
