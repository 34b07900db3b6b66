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

/** A workload whose `recipe.ts` cannot be used. The message is a whole sentence. */
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError';

  /** @param why completes "application-code/…/recipe.ts …". */
  constructor(
    workload: string,
    readonly why: string,
  ) {
    super(`application-code/${workload}/recipe.ts ${why}; fix it, and run the command again.`);
  }
}

/**
 * What a workload says of its recipe, by the name of its folder.
 * @throws WorkloadError when its `recipe.ts` cannot be loaded, or exports no recipe.
 */
export function recipeOf(workload: string): WorkloadRecipe {
  const { recipe } = loadRecipe(workload);
  if (isRecipe(recipe)) return recipe;
  throw new WorkloadError(
    workload,
    'must export a `recipe`, such as `export const recipe = commandRecipe({ argv: ' +
      "['./transcribe.sh'] });`, but exports none",
  );
}

function isRecipe(value: unknown): value is WorkloadRecipe {
  const { parse, outputs } = Object(value);
  return typeof parse === 'function' && typeof outputs === 'function';
}

/** The path is written so that a bundle holds the `recipe.ts` of every workload. */
function loadRecipe(workload: string): { readonly recipe?: unknown } {
  try {
    return require(`./${workload}/recipe.ts`);
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    // Wrong syntax: the loader's line of it. A wrong definition has a line for each fault.
    const why = lines.find((line) => line.includes('ERROR:'))?.trim() ?? lines.join('; ');
    throw new WorkloadError(workload, `says: ${why}`);
  }
}

/** Every reason for which a job can be given up, whichever workload does it. */
export function knownFaultCodes(): readonly string[] {
  return [
    ...Object.keys(FAULTS),
    ...workloadNames().flatMap((name) => Object.keys(recipeOf(name).faults)),
  ];
}
