import type { RenditionSpec } from '../../application-code/worker/src/image/recipe';
import { SKIPPED_BECAUSE, skippedNames } from '../../application-code/worker/src/job/skipped-renditions';
import type { FinishedJob } from '../files/collect';

/** A rendition that an object should have, and the metadata of what is there under its key. */
export interface ExpectedObject {
  readonly spec: RenditionSpec;
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/**
 * The job of which nobody has heard, as its renditions tell it.
 * @returns undefined while one is missing that none of the others calls skipped.
 */
export function foundJob(sourceKey: string, expected: readonly ExpectedObject[]): FinishedJob | undefined {
  const there = expected.filter(({ metadata }) => metadata !== undefined);
  const metadata = there[0]?.metadata;
  if (metadata === undefined) return undefined;
  const names = skippedNames(
    metadata,
    expected.map(({ spec }) => spec),
  );
  if (expected.some((one) => one.metadata === undefined && !names.includes(one.spec.name))) return undefined;
  const because = metadata[SKIPPED_BECAUSE] ?? '';
  return {
    sourceKey,
    renditions: there.map(({ key }) => key),
    skipped: names.map((name) => ({ name, because })),
  };
}
