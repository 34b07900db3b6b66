import type { DeployedWorker } from '../target/deployed-worker';
import type { RecipeTerms } from '../target/recipe-in-force';
import type { Target } from '../target/target';
import type { Session } from '../terminal/session';
import { findMissing, type SourceState } from './find-missing';
import { findSamples } from './find-samples';
import { hasShards, knownSamples } from './known-samples';
import type { ReconcileOptions } from './reconcile-page';

/** What a run of `reconcile` looks for. */
export interface Search {
  readonly options: ReconcileOptions;
  readonly worker: DeployedWorker;
  /** Absent where the time from which the recipe holds is unknown. */
  readonly terms: RecipeTerms | undefined;
  /** Keys that have a dead letter. */
  readonly lettered: ReadonlySet<string>;
}

/** Every source object, held against what the destination has of it. */
export async function soughtObjects(
  { now }: Session,
  target: Target,
  { options, worker, terms }: Search,
): Promise<AsyncIterable<SourceState>> {
  const { startAfter } = options;
  const { account, chosen } = target;
  const settings = {
    buckets: account.buckets,
    worker,
    suffixes: chosen.suffixes,
    until: now() - (options.olderThan ?? 0),
    ...(terms && { terms }),
    recipeChanged: options.recipeChanged ?? false,
    ...(startAfter !== undefined && { startAfter }),
  };
  return hasShards(worker)
    ? findSamples(settings, await knownSamples(target, worker))
    : findMissing(settings);
}
