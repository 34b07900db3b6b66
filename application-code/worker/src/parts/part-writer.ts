import type { OutputObjects } from '../job/ports';
import type { Part } from './part';
import { type PartHeader, partIndexText } from './part-index';
import { partKeys } from './part-keys';
import type { FinishedPartFile } from './ports';

/** What all parts of a worker have in common. */
export type PartRecipe = Pick<PartHeader, 'recipeHash' | 'recipe' | 'workload'>;

export interface PartDestination {
  readonly destination: OutputObjects;
  readonly destinationPrefix: string;
  readonly recipe: PartRecipe;
}

/**
 * Writes a part: its tar, then its index, which is the commit: a tar without one does not count.
 * @throws TransientFault when the destination does not take it, or the signal's reason.
 */
export async function writePart(
  { name: part, samples, leftOut }: Pick<Part, 'name' | 'samples' | 'leftOut'>,
  { body, bytes, sha256 }: FinishedPartFile,
  { destination, destinationPrefix, recipe, signal }: PartDestination & { signal: AbortSignal },
): Promise<void> {
  const keys = partKeys(destinationPrefix, { recipeHash: recipe.recipeHash, part });
  const header: PartHeader = {
    ...{ spillway: 'part', version: 1, ...recipe, bytes, sha256 },
    ...{ samples: samples.length, leftOut: leftOut.length },
  };
  const index = Buffer.from(partIndexText({ header, samples, leftOut }));
  const tar = { key: keys.tar, body, contentType: 'application/x-tar', metadata: {} };
  signal.throwIfAborted();
  await destination.write(tar, signal);
  signal.throwIfAborted();
  const rows = { key: keys.index, body: index, contentType: 'application/jsonl', metadata: {} };
  await destination.write(rows, signal);
}
