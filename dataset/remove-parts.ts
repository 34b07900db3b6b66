import { partsFolder } from '../application-code/worker/src/parts/part-keys';
import { pluralize } from '../text/words';
import { readDataset } from './dataset-file';
import { DatasetError } from './faults';
import type { DatasetPorts } from './ports';
import { verifyDataset } from './verify';

/** Parts that are removed by one call. */
const PARTS_AT_A_TIME = 500;
/** Problems that the message has. */
const NAMED_PROBLEMS = 3;

/**
 * Verifies the dataset, and then removes the parts that it is made of. The index of a part goes
 * before its tar: what is left if this is killed is a tar that is no part.
 * @returns the number of parts that were there.
 * @throws DatasetError when the dataset has a problem: all parts stay.
 */
export async function removeParts(
  { store, progress }: Pick<DatasetPorts, 'store' | 'progress'>,
  { prefix }: { readonly prefix: string },
): Promise<number> {
  const { dataset, problems } = await verifyDataset(
    { store, ...(progress && { progress }) },
    { prefix },
  );
  if (problems.length > 0)
    throw new DatasetError(
      `no part was removed, since the dataset has ${pluralize(problems.length, 'problem')}: ` +
        `${problems.slice(0, NAMED_PROBLEMS).join('; ')}. \`spillway dataset verify\` names all.`,
    );
  if ((await readDataset(store, prefix))?.file.plan !== dataset.plan)
    throw new DatasetError(
      'no part was removed, since another finish has committed a generation meanwhile: run it ' +
        'again.',
    );
  const there = await keysBelow(store, partsFolder(prefix));
  const indexes = dataset.parts.map((part) => `${prefix}${part}`);
  const left = indexes.filter((index) => there.has(index) || there.has(tarOf(index)));
  for (let at = 0; at < left.length; at += PARTS_AT_A_TIME) {
    const some = left.slice(at, at + PARTS_AT_A_TIME);
    await store.remove(some);
    await store.remove(some.map(tarOf));
    progress?.({ event: 'parts-removed', parts: at + some.length, of: left.length });
  }
  return left.length;
}

const tarOf = (index: string) => index.replace(/jsonl$/, 'tar');

async function keysBelow(
  store: DatasetPorts['store'],
  folder: string,
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const { key } of store.list(folder)) keys.add(key);
  return keys;
}
