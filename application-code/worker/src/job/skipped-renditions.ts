import type { Recipe } from '../../../images/recipe';
import { recipeHash } from './recipe-hash';

/**
 * A rendition that cannot be made of a source, and that the recipe does without
 * (`"ifImpossible": "skip"`).
 */
export interface SkippedRendition {
  /** The rendition's name in the recipe. */
  readonly name: string;
  readonly because: string;
}

/** Object metadata of the renditions that were made, as `name:hash,…`. */
const SKIPPED = 'skipped-renditions';
export const SKIPPED_BECAUSE = 'skipped-because';

/**
 * S3 takes 2 KB of metadata, and ASCII:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
const BECAUSE_CHARACTERS = 600;
/** What the names may take, whichever of them are skipped; the rules of recipes hold them to it. */
export const MOST_SKIPPED_CHARACTERS = 1_000;

/**
 * What the metadata of its siblings says of renditions that were skipped; empty when there are
 * none.
 */
export function skippedMetadata(
  skipped: readonly SkippedRendition[],
  recipe: Recipe,
): Readonly<Record<string, string>> {
  if (skipped.length === 0) return {};
  const names = new Set(skipped.map(({ name }) => name));
  const because = skipped.map((one) => one.because.replaceAll('×', 'x')).join(' | ');
  return {
    [SKIPPED]: fingerprinted(recipe.filter(({ name }) => names.has(name))),
    [SKIPPED_BECAUSE]: because.replace(/[^\x20-\x7e]+/g, ' ').slice(0, BECAUSE_CHARACTERS),
  };
}

/**
 * Names of renditions that were skipped, by the metadata of a sibling. One whose settings in the
 * recipe have changed since is not among them: it may be possible now.
 */
export function skippedNames(
  metadata: Readonly<Record<string, string | undefined>>,
  recipe: Recipe,
): readonly string[] {
  const said = new Set((metadata[SKIPPED] ?? '').split(','));
  return skippable(recipe)
    .filter((spec) => said.has(fingerprinted([spec])))
    .map(({ name }) => name);
}

/** The recipe's renditions that may be skipped. */
export function skippable(recipe: Recipe): Recipe {
  return recipe.filter(({ ifImpossible }) => ifImpossible === 'skip');
}

/** Each name with the hash of its settings. */
export function fingerprinted(recipe: Recipe): string {
  return recipe.map((spec) => `${spec.name}:${recipeHash(spec)}`).join(',');
}
