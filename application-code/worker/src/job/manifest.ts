import type { OutputPlan, WorkloadRecipe } from '../workload/recipe';

/** The folder of all manifests below the destination prefix. */
const MANIFESTS = 'manifests/';

/**
 * What the engine writes for every source object: the outputs that the recipe plans, or a manifest
 * of those that it cannot know before.
 */
export function outputPlans<Recipe>(
  workload: Pick<WorkloadRecipe<Recipe>, 'outputs'>,
  recipe: Recipe,
): readonly OutputPlan[] {
  const outputs = workload.outputs(recipe);
  return outputs === 'manifest' ? [manifestPlan(recipe)] : outputs;
}

function manifestPlan(recipe: unknown): OutputPlan {
  return {
    name: 'manifest',
    folder: MANIFESTS,
    pathOf: (sourcePath) => `${sourcePath}.json`,
    settings: typeof recipe === 'object' && recipe !== null ? recipe : { recipe },
    isManifest: true,
  };
}
