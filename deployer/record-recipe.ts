import { outputPlans } from '../application-code/worker/src/job/manifest';
import { recipeHash } from '../application-code/worker/src/job/recipe-hash';
import { longestTaskSeconds } from '../application-code/worker/src/settings';
import { DEFAULT_WORKLOAD, recipeOf } from '../application-code/workloads';
import { NO_RECIPE_YET, RECIPE_PARAMETER, recipeRecord } from '../contract/parameters';
import { CONTAINER_NAME } from '../contract/variables';
import type { Parameters, Revision } from './ports';

/** Two revisions that were promoted one after the other. */
export interface Succession {
  readonly promoted: Revision;
  /** What was promoted before; absent: nothing was. */
  readonly before?: Revision | undefined;
}

/**
 * Records which recipe holds from now on, unless it did already: Parameter Store keeps the time of
 * each version. After the promotion, so that no output of an older recipe is younger than its
 * record by more than a task's life. What held before the first record is recorded first, or a
 * recipe that changes with it would seem to have held forever.
 */
export async function recordRecipe(
  parameters: Pick<Parameters, 'read' | 'write'>,
  parameterPath: string,
  { promoted, before }: Succession,
): Promise<void> {
  const name = `${parameterPath}${RECIPE_PARAMETER}`;
  const { value } = await parameters.read(name);
  const isFirst = value === NO_RECIPE_YET && before !== undefined;
  const records = [isFirst ? recordOf(before) : value, recordOf(promoted)];
  let last = value;
  for (const record of records) {
    if (record !== last) await parameters.write(name, record);
    last = record;
  }
}

function recordOf({ definition }: Revision): string {
  const container = definition.containerDefinitions.find(({ name }) => name === CONTAINER_NAME);
  const variables = Object.fromEntries(
    (container?.environment ?? []).map(({ name, value }) => [name, value]),
  );
  const workload = recipeOf(variables.WORKLOAD ?? DEFAULT_WORKLOAD);
  const { RECIPE: json } = variables;
  const recipe = json ? workload.parse(json) : workload.default;
  return recipeRecord({
    renditions: outputPlans(workload, recipe).map(recipeHash),
    longestTaskSeconds: longestTaskSeconds(variables),
  });
}
