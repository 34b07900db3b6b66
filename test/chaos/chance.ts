import { createHash } from 'node:crypto';

/**
 * A number from 0 to less than 1 that seed, name and counter alone decide: a fault that is taken
 * out of a plan leaves all others as they are.
 */
export function chance(seed: number, name: string, counter: number): number {
  return (
    createHash('sha256').update(`${seed}/${name}/${counter}`).digest().readUInt32BE(0) / 2 ** 32
  );
}

/** A whole number from `least` to `most`. */
export function between(least: number, most: number, drawn: number): number {
  return least + Math.floor(drawn * (most - least + 1));
}

/** One of the list, which must not be empty. */
export function oneOf<T>(list: readonly [T, ...T[]], drawn: number): T {
  return list[Math.floor(drawn * list.length)] ?? list[0];
}
