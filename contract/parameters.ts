import { KNOB_NAMES, KNOB_RULES } from '../lambda/scaler/decision/knobs';

/** The value of a knob's parameter with which the configuration holds. */
export const CONFIGURED = 'configured';
/** The value of `task-definition` until a first image has been promoted. */
export const NO_IMAGE_YET = 'none';
/** Parameter, below a pipeline's path, that names the promoted revision. */
export const TASK_DEFINITION_PARAMETER = 'task-definition';

/**
 * Parameter, below a pipeline's path, whose versions say which recipe held since when: a
 * `RecipeRecord`.
 */
export const RECIPE_PARAMETER = 'recipe';

/** Parameters of the runtime knobs, by name below the pipeline's path. */
export const KNOB_PARAMETERS: readonly string[] = KNOB_NAMES.map(
  (knob) => KNOB_RULES[knob].parameter,
);

/** The value of the parameter `recipe` until something has been promoted. */
export const NO_RECIPE_YET = 'none';

/** What holds from the time at which this version of the parameter `recipe` was written. */
export interface RecipeRecord {
  /** Hash of each output's settings, sorted; the metadata of an output has its own. */
  readonly renditions: readonly string[];
  /** Longest life of a task, so that those of before have ended. */
  readonly longestTaskSeconds: number;
}

/** The same settings are the same text, so that a version is written only when they change. */
export function recipeRecord({ renditions, longestTaskSeconds }: RecipeRecord): string {
  const maxTaskSeconds = longestTaskSeconds;
  return JSON.stringify({ renditions: [...renditions].sort(), maxTaskSeconds });
}

/** @returns undefined for `none`, and for what is no record. */
export function parseRecipeRecord(value: string): RecipeRecord | undefined {
  try {
    const { renditions, maxTaskSeconds } = Object(JSON.parse(value)) as Record<string, unknown>;
    if (!Array.isArray(renditions) || typeof maxTaskSeconds !== 'number') return undefined;
    return { renditions: renditions.map(String), longestTaskSeconds: maxTaskSeconds };
  } catch {
    return undefined;
  }
}
