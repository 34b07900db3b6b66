import { KNOB_NAMES, KNOB_RULES } from '../lambda/scaler/knobs';

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
