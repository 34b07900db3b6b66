import { flag, setting, text } from '../../text/setting';
import type { Variables } from '../../text/variables';
import { shown } from '../../text/words';
import { RecipeError, type WorkloadRecipe } from '../worker/src/workload/recipe';
import {
  type CommandDefinition,
  checkedPatterns,
  DEFAULTS,
  isObject,
  type JobDefinition,
  type JsonObject,
} from './definition';
import { FAULTS } from './faults';
import { keyOf, type OutputPattern, planName } from './output-pattern';

/** What can be set of such a workload beside its recipe. */
export const COMMAND_SETTINGS = {
  credentials: {
    variable: 'PROGRAM_CREDENTIALS',
    schema: setting(
      flag(),
      false,
      "Whether the program gets the credentials of the task's role; by default it gets none.",
    ),
  },
  cacheControl: {
    variable: 'CACHE_CONTROL',
    schema: setting(
      text('printable ASCII', (value) => /^[ -~]*$/.test(value)),
      '',
      'Header with which S3 serves each output, such as `public, max-age=86400`; empty: none.',
    ),
  },
} as const satisfies Variables;

/** The recipe of a workload that runs a program or a function for each source object. */
export interface JobRecipe extends WorkloadRecipe<JsonObject> {
  readonly definition: JobDefinition;
  /** None when the outputs are `'any'`. */
  readonly patterns: readonly OutputPattern[];
}

export interface CommandRecipe extends JobRecipe {
  readonly definition: CommandDefinition;
}

/**
 * A workload that is a program. It is read by the configuration and the command line, too, so it
 * loads nothing but what checks it.
 * @throws DefinitionError with every fault at once.
 */
export function commandRecipe(definition: CommandDefinition): CommandRecipe {
  const patterns = checkedPatterns(definition, definition.argv);
  return { ...recipeOf(definition, patterns, { argv: definition.argv }), definition };
}

/**
 * A workload that is a TypeScript function: see `jobWorkload`.
 * @throws DefinitionError with every fault at once.
 */
export function jobRecipe(definition: JobDefinition): JobRecipe {
  return recipeOf(definition, checkedPatterns(definition), {});
}

function recipeOf(
  definition: JobDefinition,
  patterns: readonly OutputPattern[],
  shapes: { readonly argv?: readonly string[] },
): JobRecipe {
  const { about, suffixes = [], default: byDefault = {}, onInterruption } = definition;
  const { jobCpus: cpus = DEFAULTS.jobCpus, jobMemoryMiB = DEFAULTS.jobMemoryMiB } = definition;
  return {
    ...{ definition, patterns },
    about: about ?? 'Any JSON object: the program reads it from `RECIPE`.',
    default: byDefault,
    parse: (json) => parsedRecipe(json, definition.parse),
    outputs: (recipe) =>
      definition.outputs === 'any'
        ? 'manifest'
        : patterns.map((pattern) => ({
            name: planName(pattern),
            folder: pattern.folder,
            pathOf: (sourcePath) => keyOf(pattern, suffixes, sourcePath),
            settings: { ...shapes, output: pattern.text, recipe },
          })),
    ...(shapes.argv && { shapes }),
    settings: COMMAND_SETTINGS,
    faults: FAULTS,
    jobSize: { cpus, memoryMiB: jobMemoryMiB },
    ...(onInterruption && { onInterruption }),
  };
}

function parsedRecipe(json: string, parse: JobDefinition['parse']): JsonObject {
  const value = parseJson(json);
  if (isObject(value)) return parse ? parse(value) : value;
  throw new RecipeError([
    `RECIPE must be a JSON object such as {"quality": 80}, but ${shown(json)} was given`,
  ]);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // No JSON is no object either.
    return undefined;
  }
}
