import type { PlannedShard } from '../plan/plan';
import { NONE, type Versions } from './versions';

/**
 * Numbers the labels of these samples. A class keeps the number that it has in the last generation;
 * new ones follow in the order of their names.
 */
export function numberClasses(
  samples: Uint32Array,
  versions: Versions,
  former: Readonly<Record<string, number>> = {},
): ReadonlyMap<string, number> {
  const { labels } = versions;
  const used = new Set(samples.map((version) => versions.get('label', version)));
  const fresh = labels.filter((label, number) => used.has(number) && !Object.hasOwn(former, label));
  const next = Math.max(-1, ...Object.values(former)) + 1;
  return new Map([
    ...Object.entries(former),
    ...fresh.sort().map((label, at) => [label, next + at] as const),
  ]);
}

export interface SampleCounts {
  readonly samples: number;
  readonly bySplit: Record<string, number>;
  readonly byClass: Record<string, number>;
  readonly withoutLabel: number;
}

/** How many samples each split and each class have, those without a sample too. */
export function countSamples(
  shards: readonly PlannedShard[],
  versions: Versions,
  names: { readonly splits: readonly string[]; readonly classes: Iterable<string> },
): SampleCounts {
  const bySplit = new Map(names.splits.map((split) => [split, 0]));
  const ofLabel = new Map<number, number>();
  for (const { split, versions: samples } of shards) {
    bySplit.set(split, (bySplit.get(split) ?? 0) + samples.length);
    for (const version of samples) {
      const label = versions.get('label', version);
      ofLabel.set(label, (ofLabel.get(label) ?? 0) + 1);
    }
  }
  const numbers = new Map(versions.labels.map((label, number) => [label, number]));
  return {
    samples: shards.reduce((sum, { versions: samples }) => sum + samples.length, 0),
    bySplit: Object.fromEntries(bySplit),
    byClass: Object.fromEntries(
      [...names.classes].map((name) => [name, ofLabel.get(numbers.get(name) ?? NONE - 1) ?? 0]),
    ),
    withoutLabel: ofLabel.get(NONE) ?? 0,
  };
}

/** Times of the first and of the last event of these samples. */
export function eventTimesOf(
  samples: Uint32Array,
  versions: Versions,
): { readonly first: string; readonly last: string } | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const version of samples) {
    const time = versions.get('eventTime', version);
    if (time === 0) continue;
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  if (last === 0) return undefined;
  return { first: new Date(first).toISOString(), last: new Date(last).toISOString() };
}
