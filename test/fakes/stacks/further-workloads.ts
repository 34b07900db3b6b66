import type { WorkloadRecipe } from '../../../application-code/worker/src/workload/recipe';

/**
 * `application-code/workloads.ts` with further workloads, as if their folders lay beside those that
 * there are, without a Dockerfile. For `jest.mock`.
 * @param recipes by name, or why one cannot be loaded.
 */
export function withWorkloads(recipes: Readonly<Record<string, WorkloadRecipe | Error>>): object {
  const real = jest.requireActual<typeof import('../../../application-code/workloads')>(
    '../../../application-code/workloads',
  );
  return {
    ...real,
    workloadNames: () => [...real.workloadNames(), ...Object.keys(recipes)],
    recipeOf: (name: string) => {
      const recipe = recipes[name] ?? real.recipeOf(name);
      if (recipe instanceof Error) throw new real.WorkloadError(name, recipe.message);
      return recipe;
    },
  };
}
