import { createHash } from 'node:crypto';
import type { OutputPlan } from '../workload/recipe';

/** Object metadata of an output: the {@link recipeHash} of the settings that it was made by. */
export const RECIPE_HASH = 'recipe-hash';

const DIGITS = 8;

/** Every job asks for those of the same settings. */
const known = new WeakMap<object, string>();

/**
 * Hash of the settings that one output is made by, whatever their order: an output with another
 * hash was made by other settings.
 */
export function recipeHash({ settings }: Pick<OutputPlan, 'settings'>): string {
  const hash = known.get(settings) ?? hashOf(settings);
  known.set(settings, hash);
  return hash;
}

function hashOf(settings: object): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, DIGITS);
}
