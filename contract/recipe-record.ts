/** The value of the parameter `recipe` until something has been promoted. */
export const NO_RECIPE_YET = 'none';

/** What holds from the time at which this version of the parameter `recipe` was written. */
export interface RecipeRecord {
  /** Hash of each rendition's settings, sorted; the metadata of renditions have theirs. */
  readonly renditions: readonly string[];
  /** Age in seconds at which tasks take no more jobs, so that those of before end. */
  readonly maxTaskSeconds: number;
}

/** The same settings are the same text, so that a version is written only when they change. */
export function recipeRecord({ renditions, maxTaskSeconds }: RecipeRecord): string {
  return JSON.stringify({ renditions: [...renditions].sort(), maxTaskSeconds });
}

/** @returns undefined for `none`, and for what is no record. */
export function parseRecipeRecord(value: string): RecipeRecord | undefined {
  try {
    const { renditions, maxTaskSeconds } = Object(JSON.parse(value)) as Partial<RecipeRecord>;
    if (!Array.isArray(renditions) || typeof maxTaskSeconds !== 'number') return undefined;
    return { renditions: renditions.map(String), maxTaskSeconds };
  } catch {
    return undefined;
  }
}
