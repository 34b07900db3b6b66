import { PermanentFault } from '../../application-code/worker/src/faults';
import { type KeyPrefixes, outputKey } from '../../application-code/worker/src/job/keys';
import {
  SKIPPED_BECAUSE,
  skippedNames,
} from '../../application-code/worker/src/job/skipped-outputs';
import type { OutputPlan } from '../../application-code/worker/src/workload/recipe';
import type { DestinationBucket, FinishedJob } from '../files/collect';

/** A rendition that an object should have, and the metadata of what is there under its key. */
export interface ExpectedObject {
  readonly plan: OutputPlan;
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

type OutputsAndPrefixes = KeyPrefixes & { readonly outputs: readonly OutputPlan[] };

/**
 * Keys of an object's renditions; why there are none, where its own key is too long to have any.
 */
export function renditionKeys(sourceKey: string, pipeline: OutputsAndPrefixes): readonly string[] {
  const keys = keysOrFault(sourceKey, pipeline);
  return keys instanceof PermanentFault ? [keys.message] : keys;
}

/** Looks for every rendition of an object; none where its key is too long to have any. */
export async function lookFor(
  sourceKey: string,
  pipeline: OutputsAndPrefixes,
  bucket: Pick<DestinationBucket, 'metadataOf'>,
): Promise<readonly ExpectedObject[]> {
  const keys = keysOrFault(sourceKey, pipeline);
  if (keys instanceof PermanentFault) return [];
  const metadata = await Promise.all(keys.map((key) => bucket.metadataOf(key)));
  return pipeline.outputs.map((plan, index) => ({
    plan,
    key: keys[index] ?? '',
    metadata: metadata[index],
  }));
}

function keysOrFault(
  sourceKey: string,
  pipeline: OutputsAndPrefixes,
): readonly string[] | PermanentFault {
  try {
    return pipeline.outputs.map((plan) => outputKey(sourceKey, plan, pipeline));
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
    expected.map(({ plan }) => plan),
  );
  if (expected.some((one) => one.metadata === undefined && !names.includes(one.plan.name)))
    return undefined;
  const because = metadata[SKIPPED_BECAUSE] ?? '';
  return {
    sourceKey,
    renditions: there.map(({ key }) => key),
    skipped: names.map((name) => ({ name, because })),
  };
}
