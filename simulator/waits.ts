import type { WaitSeconds } from './outcome';

/** A bin ends this much later than it begins, so that a quantile is right to half a per cent. */
const GROWTH = 1.01;
const PER_BIN = Math.log(GROWTH);
/**
 * Middles of the ten tenths of a normal distribution. Times of a lot are counted in as many places,
 * each with a tenth of all service times: slow and fast ones come in no order.
 */
const TENTHS = [-0.126, 1.036, -1.036, 0.385, -0.385, 1.645, -1.645, 0.126, -0.674, 0.674] as const;

/** Objects that were done at even intervals. */
export interface WaitsOfLot {
  /** How long the first and the last of them waited. */
  readonly first: number;
  readonly last: number;
  /** Mean time of one job, which is part of its wait. */
  readonly each: number;
  readonly count: number;
}

/** How long objects waited up to a moment: how many in each bin. */
export type WaitBins = readonly number[];

/** How long objects waited, in bins that grow with the time. */
export class Waits {
  private readonly bins: number[] = [];
  private count = 0;
  private longest = 0;
  /** By how much of the mean a job of each tenth takes longer. */
  private readonly extra: readonly number[];

  /** @param jobSpread of the service time, as a part of its mean. */
  constructor(jobSpread: number) {
    const variance = Math.log(1 + jobSpread * jobSpread);
    this.extra = TENTHS.map((tenth) => Math.expm1(Math.sqrt(variance) * tenth - variance / 2));
  }

  add({ first, last, each, count }: WaitsOfLot): void {
    this.count += count;
    if (count === 1) this.addAt(last, 1);
    else this.addLot({ first, last, each, count });
  }

  private addLot({ first, last, each, count }: WaitsOfLot): void {
    const pieces = Math.min(TENTHS.length, count);
    for (let piece = 0; piece < pieces; piece += 1) {
      const mean = first + ((last - first) * (piece + 0.5)) / pieces;
      this.addAt(mean + each * (this.extra[piece] ?? 0), count / pieces);
    }
  }

  /** A copy: what is added later does not change it. */
  soFar(): WaitBins {
    return [...this.bins];
  }

  summary(): WaitSeconds {
    if (this.count === 0) return {};
    const of = (part: number) => Math.min(this.longest, quantile(this.bins, part) ?? 0);
    return { median: of(0.5), p95: of(0.95), p99: of(0.99), longest: this.longest };
  }

  private addAt(seconds: number, objects: number): void {
    const bin = Math.floor(Math.log1p(seconds) / PER_BIN);
    for (let next = this.bins.length; next <= bin; next += 1) this.bins.push(0);
    this.bins[bin] = (this.bins[bin] ?? 0) + objects;
    this.longest = Math.max(this.longest, seconds);
  }
}

/** Median and 95th percentile of the objects that came from one moment to another. */
export function waitsBetween(
  before: WaitBins,
  after: WaitBins,
): Required<Pick<WaitSeconds, 'median' | 'p95'>> | undefined {
  const bins = after.map((objects, bin) => objects - (before[bin] ?? 0));
  const [median, p95] = [quantile(bins, 0.5), quantile(bins, 0.95)];
  return median === undefined || p95 === undefined ? undefined : { median, p95 };
}

/** The end of the bin in which the part of all objects is reached; undefined without any. */
function quantile(bins: WaitBins, part: number): number | undefined {
  const count = bins.reduce((sum, objects) => sum + objects, 0);
  if (count < 0.5) return undefined;
  let seen = 0;
  for (const [bin, objects] of bins.entries()) {
    seen += objects;
    if (seen >= part * count * (1 - 1e-12)) return Math.expm1((bin + 1) * PER_BIN);
  }
  return Math.expm1(bins.length * PER_BIN);
}
