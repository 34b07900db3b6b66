import { DEFAULT_PIPELINE } from '../schema';
import type { PipelineSubject, Rule } from './rules';

/** Rules for how many tasks are launched, and how many stay. */
export const LAUNCH_RULES: readonly Rule<PipelineSubject>[] = [
  {
    about: ['minTasks', 'maxTasks'],
    fault: ({ minTasks, maxTasks }, at) =>
      minTasks > maxTasks &&
      `${at}.minTasks must be at most maxTasks (${maxTasks}), but ${minTasks} was given`,
  },
  {
    about: ['launch', 'minTasks'],
    fault: ({ launch, minTasks }, at) =>
      launch === 'per-object' &&
      minTasks > 0 &&
      `${at}.minTasks must be left out with launch per-object, whose tasks end with their ` +
        `object, but ${minTasks} was given`,
  },
  {
    about: ['launch', 'scaling'],
    fault: ({ launch, scaling: { policy } }, at) =>
      launch === 'per-object' &&
      policy !== DEFAULT_PIPELINE.scaling.policy &&
      `${at}.scaling must be left out with launch per-object, which starts one task for each ` +
        `object up to maxTasks, but the policy ${policy} was given`,
  },
];
