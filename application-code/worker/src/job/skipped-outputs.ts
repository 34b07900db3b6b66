import type { OutputPlan, SkippedOutput } from '../workload/recipe';
import { recipeHash } from './recipe-hash';

/** Object metadata of the outputs that were made, as `name:hash,…`. */
const SKIPPED = 'skipped-renditions';
export const SKIPPED_BECAUSE = 'skipped-because';

/**
 * S3 takes 2 KB of metadata, and ASCII:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
const BECAUSE_CHARACTERS = 600;
/** What the names may take, whichever of them are skipped. A recipe with more is a fault. */
export const MOST_SKIPPED_CHARACTERS = 1_000;

/** What the metadata of their siblings says of skipped outputs; empty without any. */
export function skippedMetadata(
  skipped: readonly SkippedOutput[],
  plans: readonly OutputPlan[],
): Readonly<Record<string, string>> {
  if (skipped.length === 0) return {};
  const names = new Set(skipped.map(({ name }) => name));
  const because = skipped.map((one) => one.because.replaceAll('×', 'x')).join(' | ');
  return {
    [SKIPPED]: namesWithHashes(plans.filter(({ name }) => names.has(name))),
    [SKIPPED_BECAUSE]: because.replace(/[^\x20-\x7e]+/g, ' ').slice(0, BECAUSE_CHARACTERS),
  };
}

/**
 * Names of outputs that were skipped, by the metadata of a sibling. One whose settings in the
 * recipe have changed since is not among them: it may be possible now.
 */
export function skippedNames(
  metadata: Readonly<Record<string, string | undefined>>,
  plans: readonly OutputPlan[],
): readonly string[] {
  const said = new Set((metadata[SKIPPED] ?? '').split(','));
  return plans
    .filter((plan) => plan.isOptional && said.has(namesWithHashes([plan])))
    .map(({ name }) => name);
}

/** These outputs as metadata, with the hash of each one's settings. */
export function namesWithHashes(plans: readonly OutputPlan[]): string {
  return plans.map((plan) => `${plan.name}:${recipeHash(plan)}`).join(',');
}
