import { type COMMAND_SETTINGS, jobRecipe } from '../command/command-recipe';
import type { JsonObject } from '../command/definition';
import { RecipeError } from '../worker/src/workload/recipe';

/** A scene brings its own settings, so that a pipeline has none to choose. */
export const recipe = jobRecipe({
  about: 'None: a scene brings its own settings.',
  suffixes: ['.zip'],
  // One picture, or those of an animation: only the settings of the scene know.
  outputs: 'any',
  maxOutputFiles: 10_000,
  jobCpus: 1,
  jobMemoryMiB: 1_024,
  parse(value) {
    const [name] = Object.keys(value);
    if (name === undefined) return value;
    throw new RecipeError([
      `RECIPE must be {}, but ${name} was given: a scene brings its own settings in its .ini file`,
    ]);
  },
});

declare module '../worker/src/workload/recipe' {
  interface Workloads {
    readonly povray: {
      readonly recipe: JsonObject;
      readonly settings: typeof COMMAND_SETTINGS;
    };
  }
}
