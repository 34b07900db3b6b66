import {
  type PartHeader,
  type PartIndex,
  PartIndexError,
  parsePartIndex,
} from '../../application-code/worker/src/parts/part-index';
import { parsePartKey, partsFolder } from '../../application-code/worker/src/parts/part-keys';
import { DatasetError, MissingObjectError } from '../faults';
import type { DatasetStore } from '../ports';
import { fetchedAhead } from '../shards/ahead';

/** A part whose index is there. */
export interface ListedPart {
  readonly recipeHash: string;
  /** Its name, which begins with the time at which it was opened. */
  readonly part: string;
  readonly tar: string;
  readonly index: string;
  readonly tarBytes: number;
  readonly indexBytes: number;
}

export interface ListedParts {
  /** In the order in which they were opened. */
  readonly parts: readonly ListedPart[];
  /** Keys of tars without an index: no part, since the task that wrote them ended before. */
  readonly withoutIndex: readonly string[];
}

/** An index of 1,000 samples has about 600 kB. */
const AHEAD = { count: 16, bytes: 32 * 1024 * 1024 };

/** @throws MissingObjectError when an index has no tar. */
export async function listParts(store: DatasetStore, prefix: string): Promise<ListedParts> {
  const tars = new Map<string, number>();
  const indexes: Omit<ListedPart, 'tarBytes'>[] = [];
  for await (const { key, bytes } of store.list(partsFolder(prefix))) {
    const place = parsePartKey(prefix, key);
    if (place?.kind === 'tar') tars.set(key, bytes);
    if (place?.kind === 'index')
      indexes.push({ ...place, index: key, tar: tarOf(key), indexBytes: bytes });
  }
  // A worker writes the tar first, and a listing has it behind its index: it cannot be missed.
  const parts = indexes.map((part) => {
    const tarBytes = tars.get(part.tar);
    tars.delete(part.tar);
    if (tarBytes !== undefined) return { ...part, tarBytes };
    throw new MissingObjectError(part.tar);
  });
  parts.sort((a, b) => (a.part < b.part ? -1 : 1));
  return { parts, withoutIndex: [...tars.keys()] };
}

const tarOf = (index: string) => index.replace(/jsonl$/, 'tar');

/** Reads the indexes of these parts, in their order. */
export async function* partIndexes(
  store: DatasetStore,
  parts: readonly ListedPart[],
): AsyncGenerator<readonly [ListedPart, PartIndex]> {
  const wanted = parts.map((part) => ({ part, length: part.indexBytes }));
  const ahead = fetchedAhead(wanted, ({ part }) => readIndex(store, part), AHEAD);
  for await (const [{ part }, index] of ahead) yield [part, index];
}

async function readIndex(store: DatasetStore, part: ListedPart): Promise<PartIndex> {
  const object = await store.text(part.index);
  if (!object) throw new MissingObjectError(part.index);
  try {
    const index = parsePartIndex(object.text);
    checkHeader(part, index.header);
    return index;
  } catch (error) {
    if (!(error instanceof PartIndexError)) throw error;
    throw new DatasetError(
      `${part.index} cannot be read: ${error.message} Restore it, or delete it and its tar: ` +
        'its sources are then named as lacking.',
      { cause: error },
    );
  }
}

function checkHeader(part: ListedPart, { bytes, recipeHash }: PartHeader): void {
  if (bytes !== part.tarBytes)
    throw new PartIndexError(
      `Its tar should have ${bytes} bytes, but ${part.tar} has ${part.tarBytes}.`,
    );
  if (recipeHash !== part.recipeHash)
    throw new PartIndexError(`It is of the recipe ${recipeHash}, but lies in another folder.`);
}
