import { SHARDS_FOLDER } from '../application-code/worker/src/parts/dataset-places';
import { parsePartHeader } from '../application-code/worker/src/parts/part-index';
import { type Claim, parseClaim } from './claim';
import { type DatasetFile, readDataset } from './dataset-file';
import type { DatasetStore } from './ports';
import { type ListedPart, listParts } from './rows/parts';
import { fetchedAhead } from './shards/ahead';
import { generationKeys } from './shards/names';

/** The first line of an index fits, unless its recipe is very long. */
const HEADER_BYTES = 16 * 1024;
const AHEAD = { count: 16, bytes: 16 * 16 * HEADER_BYTES };

/** Parts that are in no generation. */
export interface WaitingParts {
  readonly recipeHash: string;
  parts: number;
  samples: number;
  /** Sources that a filter left out. */
  leftOut: number;
  bytes: number;
  /** When the first and the last of them were opened, as their names say it. */
  readonly first: string;
  last: string;
}

/** A generation after the dataset's, which a finish writes now or was writing when it ended. */
export interface OpenGeneration {
  readonly generation: number;
  readonly startedAt?: string;
  /** Shards that its plan has; absent without a plan. */
  readonly shards?: number;
  shardsWritten: number;
  bytes: number;
  /** Milliseconds since the epoch. */
  lastWriteAt: number;
}

export interface DatasetStatus {
  /** Of the last finish. */
  readonly dataset?: DatasetFile;
  readonly waiting: readonly WaitingParts[];
  /** Parts that the dataset has already: `finish --remove-parts` removes them. */
  readonly removable: number;
  /** Tars without an index: a task writes them now, or ended before it could. */
  readonly withoutIndex: number;
  readonly open: readonly OpenGeneration[];
  /** What earlier generations left, and the dataset does not need. */
  readonly unused: { readonly objects: number; readonly bytes: number };
}

/** How a dataset stands, by listings and by the first lines of the parts' indexes. */
export async function datasetStatus(
  store: DatasetStore,
  { prefix }: { readonly prefix: string },
): Promise<DatasetStatus> {
  const dataset = (await readDataset(store, prefix))?.file;
  const { parts, withoutIndex } = await listParts(store, prefix);
  const known = new Set(dataset?.parts.map((part) => `${prefix}${part}`));
  const waiting = parts.filter(({ index }) => !known.has(index));
  return {
    ...(dataset && { dataset }),
    waiting: await countWaiting(store, waiting),
    removable: parts.length - waiting.length,
    withoutIndex: withoutIndex.length,
    ...(await lookAtShards(store, prefix, dataset)),
  };
}

async function countWaiting(
  store: DatasetStore,
  parts: readonly ListedPart[],
): Promise<readonly WaitingParts[]> {
  const recipes = new Map<string, WaitingParts>();
  const wanted = parts.map((part) => ({ part, length: Math.min(HEADER_BYTES, part.indexBytes) }));
  const ahead = fetchedAhead(wanted, ({ part }) => readHeader(store, part), AHEAD);
  for await (const [{ part }, { samples, leftOut }] of ahead) {
    const time = part.part.slice(0, part.part.indexOf('-'));
    const recipe = recipes.get(part.recipeHash) ?? {
      ...{ recipeHash: part.recipeHash, parts: 0, samples: 0, leftOut: 0, bytes: 0 },
      ...{ first: time, last: time },
    };
    recipes.set(part.recipeHash, recipe);
    recipe.parts += 1;
    recipe.samples += samples;
    recipe.leftOut += leftOut;
    recipe.bytes += part.tarBytes;
    recipe.last = time;
  }
  return [...recipes.values()];
}

async function readHeader(store: DatasetStore, part: ListedPart) {
  const start = await store.range(part.index, 0, Math.min(HEADER_BYTES, part.indexBytes));
  const [line = '', ...more] = Buffer.from(start).toString().split('\n');
  if (more.length > 0) return parsePartHeader(line);
  const whole = await store.text(part.index);
  return parsePartHeader(whole?.text.split('\n')[0] ?? '');
}

/** What lies below `shards/`, and of which the dataset is not made. */
async function lookAtShards(
  store: DatasetStore,
  prefix: string,
  dataset: DatasetFile | undefined,
): Promise<Pick<DatasetStatus, 'open' | 'unused'>> {
  const used = new Set(dataset ? keysOf(dataset) : []);
  const open = new Map<number, OpenGeneration>();
  const unused = { objects: 0, bytes: 0 };
  for await (const { key, bytes, modifiedAt } of store.list(`${prefix}${SHARDS_FOLDER}`)) {
    const path = key.slice(prefix.length);
    const generation = generationOf(path);
    if (generation <= (dataset?.generation ?? 0)) {
      if (used.has(path)) continue;
      unused.objects += 1;
      unused.bytes += bytes;
      continue;
    }
    const one = open.get(generation) ?? {
      ...{ generation, shardsWritten: 0, bytes: 0, lastWriteAt: 0 },
      ...(await planFacts(store, `${prefix}${generationKeys(generation).plan}`)),
    };
    open.set(generation, one);
    one.shardsWritten += key.endsWith('.tar') ? 1 : 0;
    one.bytes += bytes;
    one.lastWriteAt = Math.max(one.lastWriteAt, modifiedAt);
  }
  return { open: [...open.values()], unused };
}

function keysOf({ shards, indexes, leftOut, generation }: DatasetFile): string[] {
  const files = leftOut ? [...indexes, leftOut] : indexes;
  return [...shards, ...files].map(({ key }) => key).concat(generationKeys(generation).plan);
}

async function planFacts(
  store: DatasetStore,
  key: string,
): Promise<Partial<Pick<Claim, 'shards' | 'startedAt'>>> {
  const claim = parseClaim((await store.text(key))?.text ?? '');
  return claim ? { shards: claim.shards, startedAt: claim.startedAt } : {};
}

const generationOf = (key: string) => Number(key.split('/')[1]);
