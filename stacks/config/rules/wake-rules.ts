import { DEFAULT_PIPELINE } from '../schema';
import type { PipelineSubject, Rule } from './rules';

/** Rules for what starts the first tasks of a pipeline. */
export const WAKE_RULES: readonly Rule<PipelineSubject>[] = [
  {
    about: ['wake', 'wakeTasks'],
    fault: ({ wake, wakeTasks }, at) =>
      wake === 'schedule' &&
      wakeTasks !== DEFAULT_PIPELINE.wakeTasks &&
      `${at}.wakeTasks must be left out with wake schedule, for which uploads start no tasks, ` +
        `but ${wakeTasks} was given; set wake to event, or leave it out`,
  },
  {
    about: ['wake', 'minTasks'],
    fault: ({ wake, minTasks }, at) =>
      wake === 'event' &&
      minTasks > 0 &&
      `${at}.wake must be schedule with minTasks, which keeps the first tasks running, but event ` +
        `and ${minTasks} were given`,
  },
  {
    about: ['wake', 'wakeTasks', 'maxTasks'],
    fault: ({ wake, wakeTasks, maxTasks }, at) =>
      wake === 'event' &&
      wakeTasks > Math.max(1, maxTasks) &&
      `${at}.wakeTasks must be at most maxTasks (${maxTasks}), but ${wakeTasks} was given`,
  },
];
