import { createHash } from 'node:crypto';
import type { RenditionSpec } from '../../../images/recipe';

/** Object metadata of a rendition: the {@link recipeHash} of the settings that it was made by. */
export const RECIPE_HASH = 'recipe-hash';

const DIGITS = 8;

/** Every job asks for those of the same settings. */
const known = new WeakMap<RenditionSpec, string>();

/**
 * Hash of the settings that one rendition is made by, whatever their order: a rendition with
 * another hash was made by other settings. What to do when it cannot be made changes no rendition,
 * and is left out.
 */
export function recipeHash(spec: RenditionSpec): string {
  const hash = known.get(spec) ?? hashOf(spec);
  known.set(spec, hash);
  return hash;
}

function hashOf({ ifImpossible: _ifImpossible, ...settings }: RenditionSpec): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, DIGITS);
}
