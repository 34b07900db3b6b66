import { outputKey } from '../../application-code/worker/src/job/keys';
import { skippedNames } from '../../application-code/worker/src/job/skipped-outputs';
import type { OutputPlan } from '../../application-code/worker/src/workload/recipe';
import type { Buckets } from '../ports/buckets';
import type { DeployedWorker } from './deployed-worker';

export interface SkippedQuestion {
  readonly buckets: Buckets;
  readonly worker: DeployedWorker;
  readonly source: { readonly key: string; readonly etag: string };
  /** Existing renditions, any of which may say what was skipped. */
  readonly siblings: readonly OutputPlan[];
  readonly signal?: AbortSignal;
}

/**
 * Names of the renditions of a source that were skipped, since they cannot be made. The first
 * sibling that is made from this version of the source says so in its metadata.
 */
export async function skippedOf(question: SkippedQuestion): Promise<readonly string[]> {
  const { buckets, worker, source, siblings, signal } = question;
  if (!worker.outputs.some(({ isOptional }) => isOptional)) return [];
  for (const sibling of siblings) {
    const there = await buckets.look(
      worker.destination,
      outputKey(source.key, sibling, worker),
      signal,
    );
    if (there?.metadata?.['source-etag']?.replaceAll('"', '') === source.etag)
      return skippedNames(there.metadata, worker.outputs);
  }
  return [];
}
