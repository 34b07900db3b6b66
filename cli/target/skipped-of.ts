import { type NamedRendition, renditionKey } from '../../application-code/worker/src/job/keys';
import { skippable, skippedNames } from '../../application-code/worker/src/job/skipped-renditions';
import type { Buckets } from '../ports';
import type { DeployedWorker } from './deployed-worker';

export interface SkippedQuestion {
  readonly buckets: Buckets;
  readonly worker: DeployedWorker;
  readonly source: { readonly key: string; readonly etag: string };
  /** Renditions of which any may say what was skipped: those that are there. */
  readonly siblings: readonly NamedRendition[];
  readonly signal?: AbortSignal;
}

/**
 * Names of the renditions of a source that were skipped, since they cannot be made. The first
 * sibling that is made from this version of the source says so in its metadata.
 */
export async function skippedOf(question: SkippedQuestion): Promise<readonly string[]> {
  const { buckets, worker, source, siblings, signal } = question;
  if (skippable(worker.recipe).length === 0) return [];
  for (const sibling of siblings) {
    const there = await buckets.look(
      worker.destination,
      renditionKey(source.key, sibling, worker),
      signal,
    );
    if (there?.metadata?.['source-etag']?.replaceAll('"', '') === source.etag)
      return skippedNames(there.metadata, worker.recipe);
  }
  return [];
}
