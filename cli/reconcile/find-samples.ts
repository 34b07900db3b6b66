import { type FindSettings, isOfPipeline, type SourceState } from './find-missing';
import { type KnownSamples, SAMPLE } from './known-samples';

const NOTHING = { skipped: [], isOutdated: false, orphans: [] };

/** Looks at every source object of a pipeline whose destination is shards, in key order. */
export async function* findSamples(
  settings: FindSettings,
  known: KnownSamples,
): AsyncGenerator<SourceState> {
  const { buckets, worker, startAfter, recipeChanged = false } = settings;
  for await (const source of buckets.list(worker.source, worker.sourcePrefix, startAfter)) {
    const { key } = source;
    if (!isOfPipeline(source, settings)) {
      yield { key, ...NOTHING };
      continue;
    }
    const { state, isOutdated } = known.of(source);
    const outputs = state === 'absent' ? [SAMPLE] : [];
    const outdated = recipeChanged && isOutdated ? [SAMPLE] : [];
    const isJob = outputs.length + outdated.length > 0;
    yield {
      key,
      skipped: state === 'left-out' ? [SAMPLE] : [],
      isOutdated,
      orphans: [],
      ...(isJob && { missing: { source, outputs, outdated } }),
    };
  }
}
