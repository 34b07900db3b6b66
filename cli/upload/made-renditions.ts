import { outputKey } from '../../application-code/worker/src/job/keys';
import type { ListedObject } from '../ports/buckets';
import { ageOf, type RecipeTerms } from '../target/recipe-in-force';
import { type SkippedQuestion, skippedOf } from '../target/skipped-of';

/** What became of a source object that is there already. */
export interface MadeRenditions {
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

/** Asks for a rendition only where the recipe has changed since the source was written. */
export async function madeRenditions(question: MadeQuestion): Promise<MadeRenditions> {
  const skipped = await skippedOf({ ...question, siblings: question.worker.outputs });
  return { skipped, isOutdated: await isOutdated(question, skipped) };
}

async function isOutdated(
  { buckets, worker, source, terms, signal }: MadeQuestion,
  skipped: readonly string[],
): Promise<boolean> {
  for (const rendition of worker.outputs) {
    const term = terms?.get(rendition.name);
    if (!term || source.modifiedAt > term.mixedUntil || skipped.includes(rendition.name)) continue;
    const key = outputKey(source.key, rendition, worker);
    const there = await buckets.look(worker.destination, key, signal);
    if (!there || ageOf({ metadata: {}, ...there }, term) === 'older') return true;
  }
  return false;
}
