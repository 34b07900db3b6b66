import { shown } from '../../text/words';
import { fractionOf } from '../rows/key-table';
import type { Versions } from '../rows/versions';

export interface Split {
  readonly name: string;
  /** Of all samples, above 0 and at most 1. */
  readonly share: number;
}

/**
 * How samples come into splits. By `hash` a key stays in its split while the dataset grows, and the
 * shares are nearly met. By `ratio` they are met to one sample, and keys near a border move.
 */
export interface SplitRule {
  readonly splits: readonly Split[];
  readonly by: 'hash' | 'ratio';
}

/** The one split of a dataset without splits. */
export const WHOLE: SplitRule = { splits: [{ name: 'dataset', share: 1 }], by: 'hash' };

const NAME = /^[a-z][a-z0-9_]{0,30}$/;
/** Shares such as a third do not add up exactly. */
const TOLERANCE = 0.001;

/**
 * Reads `train=0.8,validation=0.1,test=0.1`.
 * @throws RangeError with every fault.
 */
export function parseSplits(text: string, by: SplitRule['by'] = 'hash'): SplitRule {
  const splits = text.split(',').map((one) => {
    const [name = '', share = ''] = one.split('=').map((word) => word.trim());
    return { name, share: share === '' ? Number.NaN : Number(share) };
  });
  const sum = splits.reduce((total, { share }) => total + share, 0);
  const faults = [
    ...splits
      .filter(({ name }) => !NAME.test(name))
      .map(({ name }) => `${shown(name)} is no name (small letters, digits and _)`),
    ...splits
      .filter(({ share }) => !(share > 0 && share <= 1))
      .map(({ name }) => `the share of ${shown(name)} is not above 0 and at most 1`),
    ...splits
      .filter(({ name }, at) => splits.findIndex((other) => other.name === name) !== at)
      .map(({ name }) => `${name} is there twice`),
    ...(Number.isFinite(sum) && Math.abs(sum - 1) > TOLERANCE
      ? [`the shares add up to ${Number(sum.toFixed(4))} instead of 1`]
      : []),
  ];
  if (faults.length === 0) return { splits, by };
  throw new RangeError(
    'splits must be names with shares that add up to 1, such as ' +
      `train=0.8,validation=0.1,test=0.1, but ${shown(text)} was given: ${faults.join('; ')}.`,
  );
}

/** The samples of each split, each in their order. */
export function splitUp(
  samples: Uint32Array,
  versions: Versions,
  { splits, by }: SplitRule,
): readonly Uint32Array[] {
  const fractions = Float64Array.from(samples, (version) => fractionOf(versions.hashOf(version)));
  const shares = endsOf(splits);
  const ends = by === 'hash' ? shares : exactEnds(shares, fractions);
  return splits.map((_, number) =>
    samples.filter((_version, at) => {
      const fraction = fractions[at] ?? 0;
      return fraction >= (ends[number - 1] ?? 0) && fraction < (ends[number] ?? 1);
    }),
  );
}

/** Where each split ends between 0 and 1. */
function endsOf(splits: readonly Split[]): number[] {
  let end = 0;
  return splits.map(({ share }, at) => {
    end += share;
    return at === splits.length - 1 ? 1 : end;
  });
}

/** The same, so that exactly their share of the fractions lies below each. */
function exactEnds(shares: readonly number[], fractions: Float64Array): number[] {
  const sorted = fractions.toSorted();
  return shares.map((share) => sorted[Math.round(share * sorted.length)] ?? 1);
}
