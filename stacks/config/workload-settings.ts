import * as z from 'zod/mini';
import {
  RecipeError,
  type WorkloadRecipe,
} from '../../application-code/worker/src/workload/recipe';
import { DEFAULT_WORKLOAD, recipeOf, workloadNames } from '../../application-code/workloads';
import { declared, oneOf, setting } from '../../text/setting';
import { settingsOf } from '../../text/variables';

/** How every workload calls a recipe in its sentences. */
export const RECIPE = 'RECIPE';

export const workload = setting(
  oneOf(workloadNames()),
  DEFAULT_WORKLOAD,
  'What is done with each source object: a folder below `application-code/` with a `recipe.ts`.',
);

/** Settings of a pipeline that its workload declares. */
export function workloadSettings(name: string) {
  const { default: byDefault, about = '', settings = {}, ...rest } = recipeOf(name);
  const recipe = setting(recipeSchema(rest.parse), byDefault, about);
  return { recipe, ...settingsOf(settings) };
}

/** The workload judges its recipe, in sentences that begin with {@link RECIPE}. */
function recipeSchema(parse: WorkloadRecipe['parse']) {
  const schema = z.unknown().check(({ value, issues }) => {
    try {
      parse(JSON.stringify(value) ?? 'null');
    } catch (error) {
      if (!(error instanceof RecipeError)) throw error;
      for (const message of error.faults) issues.push({ code: 'custom', message, input: value });
    }
  });
  return declared(schema, { must: 'a recipe' });
}
