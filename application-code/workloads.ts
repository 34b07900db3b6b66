import type { WorkloadRecipe } from './worker/src/workload/recipe';

/** What a pipeline does when its configuration names no workload. */
export const DEFAULT_WORKLOAD = 'images';

/**
 * What a workload says of its recipe, by the name of its folder. The path is written so that a
 * bundle holds the `recipe.ts` of every workload.
 */
export function recipeOf(workload: string): WorkloadRecipe {
  return (require(`./${workload}/recipe.ts`) as { readonly recipe: WorkloadRecipe }).recipe;
}
