import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The chance of one run, which its seed decides. */
export class Chance {
  private readonly generator;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  /** From 0 to less than 1. */
  uniform(): number {
    return uniformFloat64(this.generator);
  }

  /** A whole number from 0 to less than a bound. */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** A time until the next of events that come at random, `mean` apart. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  /**
   * A positive number, log-normal with this mean: most are a little smaller, a few much larger, as
   * service times and start-up times are.
   * @param spread standard deviation, as a part of the mean; 0: always the mean.
   */
  around(mean: number, spread: number): number {
    if (spread === 0 || mean === 0) return mean;
    const variance = Math.log(1 + spread * spread);
    return mean * Math.exp(Math.sqrt(variance) * this.normal() - variance / 2);
  }

  /** By Box and Muller. */
  private normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }
}
