import { MAX_HIDDEN_SECONDS } from '../../../application-code/worker/src/settings';
import { recipeOf } from '../../../application-code/workloads';
import { maxTasksFault, mostSamples } from '../../../lambda/scaler/decision/in-flight';
import { taskConcurrency } from '../pipeline-settings';
import type { PipelineSubject, Rule } from './rules';

/** The settings of a destination of shards; undefined for one of objects. */
function shardsOf({ destination }: Pick<PipelineSubject, 'destination'>) {
  return destination.kind === 'shards' ? destination : undefined;
}

/** What the settings of a pipeline whose destination is shards must be. */
export const DESTINATION_RULES: readonly Rule<PipelineSubject>[] = [
  {
    about: ['destination', 'maxTasks', 'jobConcurrency', 'cpuUnits', 'memoryMiB', 'workload'],
    fault: (settings, at) => {
      const shards = shardsOf(settings);
      if (!shards) return false;
      const { maxTasks } = settings;
      const jobsAtATime = taskConcurrency(settings);
      const fault = maxTasksFault(maxTasks, { samples: shards.samples, jobsAtATime });
      const fewer = mostSamples(maxTasks, jobsAtATime);
      const either = fewer > 0 ? `, or destination.samples to ${fewer}` : '';
      return fault !== undefined && `${at}.maxTasks ${fault}; lower it${either}`;
    },
  },
  {
    about: ['destination', 'jobTimeoutSeconds', 'visibilityTimeoutSeconds'],
    fault: ({ jobTimeoutSeconds: job, visibilityTimeoutSeconds: visibility, ...settings }, at) => {
      const seconds = shardsOf(settings)?.seconds ?? 0;
      return (
        seconds > 0 &&
        job + visibility <= MAX_HIDDEN_SECONDS &&
        job + visibility + seconds > MAX_HIDDEN_SECONDS &&
        `${at}.destination.seconds, jobTimeoutSeconds and visibilityTimeoutSeconds must together ` +
          `be at most ${MAX_HIDDEN_SECONDS} seconds, for which SQS hides a message at most, but ` +
          `${seconds}, ${job} and ${visibility} were given`
      );
    },
  },
  {
    about: ['destination', 'workload', 'recipe'],
    fault: ({ workload, recipe, ...settings }, at) =>
      shardsOf(settings) !== undefined &&
      recipeOf(workload).outputs(recipe) === 'manifest' &&
      `${at}.destination must be of kind objects with ${workload}, whose outputs are known only ` +
        'when they are made (`any`), while each sample of a shard has the same files; declare ' +
        'its outputs by name, or leave destination out',
  },
  {
    about: ['destination', 'workload', 'recipe'],
    fault: ({ workload, recipe, ...settings }, at) => {
      if (!shardsOf(settings)) return false;
      const outputs = recipeOf(workload).outputs(recipe);
      if (outputs === 'manifest') return false;
      const alike = namesAlike(outputs.map(({ name }) => name));
      return (
        alike !== undefined &&
        `${at}.destination must be of kind objects with ${workload}, whose outputs ` +
          `${alike.join(' and ')} differ in case alone, while readers of WebDataset take both ` +
          'for one file of a sample; rename one of them, or leave destination out'
      );
    },
  },
  {
    about: ['destination', 'launch'],
    fault: ({ launch, ...settings }, at) =>
      shardsOf(settings) !== undefined &&
      launch === 'per-object' &&
      `${at}.launch must be scaler with a destination of kind shards, since a task of one object ` +
        'has no second sample for its part, but per-object was given',
  },
];

/** Two of these names that differ in case alone. */
function namesAlike(names: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const name of names) {
    const earlier = seen.get(name.toLowerCase());
    if (earlier !== undefined) return [earlier, name];
    seen.set(name.toLowerCase(), name);
  }
  return undefined;
}
