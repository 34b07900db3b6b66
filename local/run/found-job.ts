import type { Recipe, RenditionSpec } from '../../application-code/images/recipe';
import { PermanentFault } from '../../application-code/worker/src/faults';
import { type KeyPrefixes, renditionKey } from '../../application-code/worker/src/job/keys';
import {
  SKIPPED_BECAUSE,
  skippedNames,
} from '../../application-code/worker/src/job/skipped-renditions';
import type { DestinationBucket, FinishedJob } from '../files/collect';

/** A rendition that an object should have, and the metadata of what is there under its key. */
export interface ExpectedObject {
  readonly spec: RenditionSpec;
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

type RecipeAndPrefixes = KeyPrefixes & { readonly recipe: Recipe };

/**
 * Keys of an object's renditions; why there are none, where its own key is too long to have any.
 */
export function renditionKeys(sourceKey: string, pipeline: RecipeAndPrefixes): readonly string[] {
  const keys = keysOrFault(sourceKey, pipeline);
  return keys instanceof PermanentFault ? [keys.message] : keys;
}

/** Looks for every rendition of an object; none where its key is too long to have any. */
export async function lookFor(
  sourceKey: string,
  pipeline: RecipeAndPrefixes,
  bucket: Pick<DestinationBucket, 'metadataOf'>,
): Promise<readonly ExpectedObject[]> {
  const keys = keysOrFault(sourceKey, pipeline);
  if (keys instanceof PermanentFault) return [];
  const metadata = await Promise.all(keys.map((key) => bucket.metadataOf(key)));
  return pipeline.recipe.map((spec, index) => ({
    spec,
    key: keys[index] ?? '',
    metadata: metadata[index],
  }));
}

function keysOrFault(
  sourceKey: string,
  pipeline: RecipeAndPrefixes,
): readonly string[] | PermanentFault {
  try {
    return pipeline.recipe.map((spec) => renditionKey(sourceKey, spec, pipeline));
  } catch (error) {
    if (error instanceof PermanentFault) return error;
    throw error;
  }
}

/**
 * The job of which nobody has heard, as its renditions tell it.
 * @returns undefined while one is missing that none of the others calls skipped.
 */
export function foundJob(
  sourceKey: string,
  expected: readonly ExpectedObject[],
): FinishedJob | undefined {
  const there = expected.filter(({ metadata }) => metadata !== undefined);
  const metadata = there[0]?.metadata;
  if (metadata === undefined) return undefined;
  const names = skippedNames(
    metadata,
    expected.map(({ spec }) => spec),
  );
  if (expected.some((one) => one.metadata === undefined && !names.includes(one.spec.name)))
    return undefined;
  const because = metadata[SKIPPED_BECAUSE] ?? '';
  return {
    sourceKey,
    renditions: there.map(({ key }) => key),
    skipped: names.map((name) => ({ name, because })),
  };
}
