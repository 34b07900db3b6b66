import type { WaitSeconds } from './outcome';

/** A bin ends this much later than it begins, so that a quantile is right to half a per cent. */
const GROWTH = 1.01;
const PER_BIN = Math.log(GROWTH);
/** Times of a long lot are counted in this many places. */
const PIECES = 8;

/** How long objects waited, in bins that grow with the time. */
export class Waits {
  private readonly bins: number[] = [];
  private count = 0;
  private longest = 0;
  /** Sum of all waits, in seconds. */
  total = 0;

  /** Objects that were done at even intervals, after the first and the last of these waits. */
  add(first: number, last: number, objects: number): void {
    const pieces = Math.min(PIECES, objects);
    for (let piece = 0; piece < pieces; piece += 1) {
      const wait = first + ((last - first) * (piece + 0.5)) / pieces;
      const bin = Math.floor(Math.log1p(pieces === 1 ? last : wait) / PER_BIN);
      this.bins[bin] = (this.bins[bin] ?? 0) + objects / pieces;
    }
    this.count += objects;
    this.longest = Math.max(this.longest, last);
    this.total += ((first + last) / 2) * objects;
  }

  summary(): WaitSeconds {
    if (this.count === 0) return {};
    return {
      median: this.quantile(0.5),
      p95: this.quantile(0.95),
      p99: this.quantile(0.99),
      longest: this.longest,
    };
  }

  /** The end of the bin in which the part of all objects is reached. */
  private quantile(part: number): number {
    let seen = 0;
    for (const [bin, objects = 0] of this.bins.entries()) {
      seen += objects;
      if (seen >= part * this.count * (1 - Number.EPSILON))
        return Math.min(this.longest, Math.expm1((bin + 1) * PER_BIN));
    }
    return this.longest;
  }
}
