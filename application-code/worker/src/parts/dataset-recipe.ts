import { createHash } from 'node:crypto';
import { recipeHash } from '../job/recipe-hash';
import type { OutputPlan } from '../workload/recipe';

const DIGITS = 12;

/**
 * Hash of what shapes the samples of a dataset, whatever the order of its outputs: samples of two
 * hashes do not belong in one dataset.
 * @param label where labels come from: `folder`, `none` or a pattern.
 */
export function datasetRecipeHash(
  plans: readonly Pick<OutputPlan, 'name' | 'settings'>[],
  label: string,
): string {
  const outputs = plans.map((plan) => `${plan.name}:${recipeHash(plan)}`).sort();
  return createHash('sha256')
    .update(JSON.stringify({ outputs, label }))
    .digest('hex')
    .slice(0, DIGITS);
}
