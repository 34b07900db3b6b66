import { FORMAT_FACTS } from '../application-code/images/formats';
import { DEFAULT_RECIPE, parseRecipe, type Recipe } from '../application-code/images/recipe';
import { resizedSize } from '../application-code/images/render/size';
import type { KeyPrefixes } from '../application-code/worker/src/job/keys';
import type { VariableName as WorkerVariable } from '../application-code/worker/src/settings';
import { canaryPrefix, type DeliveryTarget } from '../contract/delivery';
import { workerOf } from './candidate';
import { type ExpectedRendition, expectedRenditions } from './expected';
import type { Revision } from './ports';
import type { Sample } from './samples';

/** One run of a canary: what is put where, and what must come of it. */
export interface Trial {
  readonly runId: string;
  /** Begins every key that the run writes, in both buckets. */
  readonly prefix: string;
  readonly sources: readonly { readonly key: string; readonly sample: Sample }[];
  readonly expected: readonly ExpectedRendition[];
  /** What the worker is told otherwise than the fleet. */
  readonly variables: Readonly<Partial<Record<WorkerVariable, string>>>;
}

/**
 * All samples lie in the queue before the task starts, so that an empty queue means that it is
 * done.
 */
const IDLE_EXIT_SECONDS = 3;

/**
 * @throws Error when the revision's own settings leave no sample.
 */
export async function planTrial(
  target: DeliveryTarget,
  revision: Revision,
  samples: readonly Sample[],
  runId: string,
): Promise<Trial> {
  const prefix = `${canaryPrefix(target.pipeline)}${runId}/`;
  // Folders of their own: with both buckets the same, renditions must not lie below the sources.
  // And a task of another run that receives this run's samples refuses them, instead of passing in
  // its place.
  const prefixes = { sourcePrefix: `${prefix}in/`, destinationPrefix: `${prefix}out/` };
  const recipe = recipeOf(revision);
  const sources = fitting(revision, recipe, samples).map((sample) => ({
    key: `${prefixes.sourcePrefix}${sample.name}`,
    sample,
  }));
  return {
    runId,
    prefix,
    sources,
    expected: await expectedOf(sources, recipe, prefixes),
    variables: {
      QUEUE_URL: target.canaryQueueUrl,
      DEAD_LETTER_QUEUE_URL: target.canaryDeadLetterQueueUrl,
      SOURCE_PREFIX: prefixes.sourcePrefix,
      DESTINATION_PREFIX: prefixes.destinationPrefix,
      IDLE_EXIT_SECONDS: String(IDLE_EXIT_SECONDS),
    },
  };
}

async function expectedOf(sources: Trial['sources'], recipe: Recipe, prefixes: KeyPrefixes) {
  const all: ExpectedRendition[] = [];
  for (const { key, sample } of sources) {
    all.push(...(await expectedRenditions(sample, key, recipe, prefixes)));
  }
  return all;
}

function recipeOf(revision: Revision): Recipe {
  const json = variableOf(revision, 'RECIPE');
  return json ? parseRecipe(json) : DEFAULT_RECIPE;
}

/**
 * Samples that the pipeline's own limits let pass; a picture that it means to refuse is no verdict
 * about an image.
 */
function fitting(
  revision: Revision,
  recipe: Recipe,
  samples: readonly Sample[],
): readonly Sample[] {
  const maxBytes = Number(variableOf(revision, 'MAX_SOURCE_BYTES') || Number.POSITIVE_INFINITY);
  const maxPixels = Number(variableOf(revision, 'MAX_SOURCE_PIXELS') || Number.POSITIVE_INFINITY);
  const fits = ({ body, size, frames }: Sample) =>
    body.length <= maxBytes && size.width * size.height * frames <= maxPixels;
  const left = samples.filter((sample) => fits(sample) && isPossible(recipe, sample));
  if (left.length > 0) return left;
  throw new Error(
    `${revision.name} leaves no sample for a canary: every one is above its MAX_SOURCE_BYTES (${maxBytes}) or MAX_SOURCE_PIXELS (${maxPixels}), or its recipe asks for a rendition larger than the format holds. Raise the limits or bound the renditions.`,
  );
}

function isPossible(recipe: Recipe, { size, format }: Sample): boolean {
  return recipe.every((spec) => {
    const { width, height } = resizedSize(spec, size);
    return Math.max(width, height) <= FORMAT_FACTS[spec.format ?? format].maxSide;
  });
}

function variableOf(revision: Revision, name: WorkerVariable): string | undefined {
  const { environment = [] } = workerOf(revision) as Partial<ReturnType<typeof workerOf>>;
  return environment.find((variable) => variable.name === name)?.value;
}
