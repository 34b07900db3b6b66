import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS } from './worker/src/faults';
import type { WorkloadRecipe } from './worker/src/workload/recipe';

/** What a pipeline does when its configuration names no workload. */
export const DEFAULT_WORKLOAD = 'images';

/** The workloads of this checkout: each folder here with a `recipe.ts`. */
export function workloadNames(): readonly string[] {
  return readdirSync(__dirname).filter((name) => existsSync(join(__dirname, name, 'recipe.ts')));
}

/** Whether an image of a workload can be built: its folder has a `Dockerfile`. */
export function hasDockerfile(workload: string): boolean {
  return existsSync(join(__dirname, workload, 'Dockerfile'));
}

/**
 * What a workload says of its recipe, by the name of its folder. The path is written so that a
 * bundle holds the `recipe.ts` of every workload.
 */
export function recipeOf(workload: string): WorkloadRecipe {
  return (require(`./${workload}/recipe.ts`) as { readonly recipe: WorkloadRecipe }).recipe;
}

/** Every reason for which a job can be given up, whichever workload does it. */
export function knownFaultCodes(): readonly string[] {
  return [
    ...Object.keys(FAULTS),
    ...workloadNames().flatMap((name) => Object.keys(recipeOf(name).faults)),
  ];
}
