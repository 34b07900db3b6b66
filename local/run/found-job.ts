import { PermanentFault } from '../../application-code/worker/src/faults';
import { type KeyPrefixes, outputKey } from '../../application-code/worker/src/job/keys';
import {
  SKIPPED_BECAUSE,
  skippedNames,
} from '../../application-code/worker/src/job/skipped-outputs';
import type { OutputPlan } from '../../application-code/worker/src/workload/recipe';
import type { DestinationBucket, FinishedJob, NamedOutput } from '../files/collect';

/** An output that an object should have, and its metadata; undefined when it does not exist. */
export interface ExpectedObject {
  readonly plan: OutputPlan;
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

type OutputsAndPrefixes = KeyPrefixes & { readonly outputs: readonly OutputPlan[] };

/** Keys of an object's outputs, or the reason why its key is too long to have any. */
export function outputKeys(sourceKey: string, pipeline: OutputsAndPrefixes): readonly string[] {
  const keys = keysOrFault(sourceKey, pipeline);
  return keys instanceof PermanentFault ? [keys.message] : keys;
}

/** Looks for every output of an object. An object whose key is too long has no outputs. */
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

/** Finds the name in the recipe of each output that a worker has written. */
export function namedOutputs(
  sourceKey: string,
  keys: readonly string[],
  pipeline: OutputsAndPrefixes,
): readonly NamedOutput[] {
  const planned = outputKeys(sourceKey, pipeline);
  return keys.map((key) => namedOutput(key, pipeline.outputs[planned.indexOf(key)]));
}

function namedOutput(key: string, plan: OutputPlan | undefined): NamedOutput {
  return { key, name: plan?.name ?? key, ...(plan?.isManifest && { isManifest: true }) };
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
 * A finished job that no worker has reported, read from its outputs.
 * @returns undefined while an output is missing that none of the others calls skipped.
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
    outputs: there.map(({ key, plan }) => namedOutput(key, plan)),
    skipped: names.map((name) => ({ name, because })),
  };
}
