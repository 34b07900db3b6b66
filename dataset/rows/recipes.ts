import { pluralize } from '../../text/words';
import { NoSamplesError, RecipeChangedError } from '../faults';
import type { DatasetStore } from '../ports';
import { KeyTable, keyHash } from './key-table';
import { type ListedPart, partIndexes } from './parts';
import type { Versions } from './versions';

/** Keys that a message names. */
const NAMED_KEYS = 3;

export interface RecipeQuestion {
  readonly parts: readonly ListedPart[];
  /** Of the last generation, if there is one. */
  readonly former?: string;
  /** What was asked for. */
  readonly wanted?: string;
}

/**
 * The recipe of which a dataset is made: the one that was asked for, or the one of the newest part.
 */
export function chosenRecipe({ parts, former, wanted }: RecipeQuestion): string {
  const known = [
    ...new Set([...parts.map(({ recipeHash }) => recipeHash), ...(former ? [former] : [])]),
  ];
  const chosen = wanted ?? parts.at(-1)?.recipeHash ?? former;
  if (chosen === undefined)
    throw new NoSamplesError(
      'there are no parts, and so nothing to make a dataset of: a task writes a part when it has ' +
        'enough samples, or some minutes after the first one. Upload files, and look at ' +
        '`spillway status`.',
    );
  if (known.includes(chosen)) return chosen;
  throw new NoSamplesError(
    `recipe must be the hash of one that has parts (${known.join(', ')}), but ${chosen} was given.`,
  );
}

/** What is of another recipe than the chosen one. */
interface OtherRecipe {
  readonly recipeHash: string;
  parts: number;
  samples: number;
  first: string;
  last: string;
}

/**
 * Fails when parts of other recipes have sources of which the chosen recipe has nothing: a dataset
 * would be without them, and nothing would say so.
 */
export async function checkOtherRecipes(
  store: DatasetStore,
  { parts, chosen }: { readonly parts: readonly ListedPart[]; readonly chosen: string },
  versions: Versions,
): Promise<void> {
  const others = new Map<string, OtherRecipe>();
  const missing = new KeyTable();
  const named: string[] = [];
  const lookAt = (key: string) => {
    if (versions.keyNumber(key) !== undefined) return;
    if (missing.add(keyHash(key)) === named.length && named.length < NAMED_KEYS) named.push(key);
  };
  const old = parts.filter(({ recipeHash }) => recipeHash !== chosen);
  for await (const [{ recipeHash, part }, { samples, leftOut }] of partIndexes(store, old)) {
    const time = part.slice(0, part.indexOf('-'));
    const other = others.get(recipeHash) ?? newOther(recipeHash, time);
    others.set(recipeHash, other);
    other.parts += 1;
    other.samples += samples.length;
    other.last = time;
    for (const { key } of [...samples, ...leftOut]) lookAt(key);
  }
  const missingKeys = missing.size;
  if (missingKeys > 0)
    throw new RecipeChangedError(messageOf([...others.values()], named, { missingKeys, chosen }));
}

const newOther = (recipeHash: string, first: string): OtherRecipe => ({
  ...{ recipeHash, first, last: first, parts: 0, samples: 0 },
});

function messageOf(
  others: readonly OtherRecipe[],
  named: readonly string[],
  { missingKeys, chosen }: { readonly missingKeys: number; readonly chosen: string },
): string {
  const lines = others.map(
    ({ recipeHash, parts, samples, first, last }) =>
      `  ${recipeHash}: ${pluralize(parts, 'part')} with ${pluralize(samples, 'sample')}, ` +
      `opened ${first} to ${last}`,
  );
  return [
    `the recipe changed: ${pluralize(missingKeys, 'source')} (${named.join(', ')}${
      missingKeys > named.length ? ', …' : ''
    }) have samples of an older recipe, and none of ${chosen}, which the newest part has:`,
    ...lines,
    'Have them made again by `spillway reconcile --recipe-changed --enqueue`, wait for the ' +
      `queue, and finish again. Or finish with --recipe ${chosen}, without them; or with the ` +
      'older one.',
  ].join('\n');
}
