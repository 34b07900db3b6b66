import { outputKey } from '../../application-code/worker/src/job/keys';
import { skippedNames } from '../../application-code/worker/src/job/skipped-outputs';
import type { OutputPlan } from '../../application-code/worker/src/workload/recipe';
import type { Buckets, ListedObject } from '../ports/buckets';
import type { DeployedWorker } from './deployed-worker';
import { ageOf, type RecipeTerms } from './recipe-in-force';

interface SkippedQuestion {
  readonly buckets: Buckets;
  readonly worker: DeployedWorker;
  readonly source: { readonly key: string; readonly etag: string };
  /** Existing outputs, any of which may say what was skipped. */
  readonly siblings: readonly OutputPlan[];
  readonly signal?: AbortSignal;
}

/**
 * Names of the outputs of a source that were skipped, since they cannot be made. The first
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

/** What became of a source object that is there already. */
export interface MadeOutputs {
  /** Names of those that were skipped, since they cannot be made of it. */
  readonly skipped: readonly string[];
  /** Whether one is older than the recipe, or one that a newer recipe wants is not there. */
  readonly isOutdated: boolean;
}

export interface MadeQuestion extends Omit<SkippedQuestion, 'siblings' | 'source'> {
  readonly source: Pick<ListedObject, 'key' | 'etag' | 'modifiedAt'>;
  /** Since when the recipe holds; absent where that is unknown. */
  readonly terms: RecipeTerms | undefined;
}

/** Asks for an output only where the recipe has changed since the source was written. */
export async function madeOutputs(question: MadeQuestion): Promise<MadeOutputs> {
  const skipped = await skippedOf({ ...question, siblings: question.worker.outputs });
  return { skipped, isOutdated: await isOutdated(question, skipped) };
}

async function isOutdated(
  { buckets, worker, source, terms, signal }: MadeQuestion,
  skipped: readonly string[],
): Promise<boolean> {
  for (const output of worker.outputs) {
    const term = terms?.get(output.name);
    if (!term || source.modifiedAt > term.mixedUntil || skipped.includes(output.name)) continue;
    const key = outputKey(source.key, output, worker);
    const there = await buckets.look(worker.destination, key, signal);
    if (!there || ageOf({ metadata: {}, ...there }, term) === 'older') return true;
  }
  return false;
}
