import { Columns } from './columns';
import { fractionOf } from './key-table';
import type { Versions } from './versions';

/** Most bits of 64 in which two pictures differ that still look the same. */
export const MOST_DUPLICATE_BITS = 11;

/** The column with the next hash of a chain, for each band. */
const BANDS = ['next0', 'next1', 'next2', 'next3'] as const;
const BAND_BITS = 16;
const NONE = 0xffffffff;

type Next = (typeof BANDS)[number];

/** A perceptual hash of 64 bits in two halves. */
interface PictureHash {
  readonly high: number;
  readonly low: number;
}

export interface NearDuplicates {
  readonly kept: Uint32Array;
  readonly dropped: number;
  /** Samples without a perceptual hash: they stay. */
  readonly withoutHash: number;
}

/**
 * Leaves out every sample whose picture differs in at most `bits` of the 64 of its perceptual hash
 * from one that stays. Samples of the last generation stay before new ones, older before newer.
 *
 * Multi-index hashing (Norouzi, Punjani, Fleet: https://arxiv.org/abs/1307.2982): of four bands of
 * 16 bits at least one differs in at most a quarter of the bits, so that only pictures with nearly
 * the same band are compared.
 */
export function withoutNearDuplicates(
  samples: Uint32Array,
  versions: Versions,
  bits: number,
): NearDuplicates {
  const index = new BandIndex(Math.floor(bits / BANDS.length));
  const isKept = new Uint8Array(versions.size);
  let withoutHash = 0;
  for (const version of inOrderOfAge(samples, versions)) {
    const hash = hashOf(versions, version);
    if (!hash) withoutHash += 1;
    else if (index.has(hash, bits)) continue;
    else index.add(hash);
    isKept[version] = 1;
  }
  const kept = samples.filter((version) => isKept[version] === 1);
  return { kept, dropped: samples.length - kept.length, withoutHash };
}

/** Hashes by their bands, in chains. */
class BandIndex {
  private readonly hashes = new Columns({
    high: Uint32Array,
    low: Uint32Array,
    next0: Uint32Array,
    next1: Uint32Array,
    next2: Uint32Array,
    next3: Uint32Array,
  });
  private readonly first = Array.from({ length: BANDS.length }, () =>
    new Uint32Array(2 ** BAND_BITS).fill(NONE),
  );
  private readonly masks: readonly number[];

  /** @param radius - bits in which a band may differ. */
  constructor(radius: number) {
    this.masks = masksWithin(radius);
  }

  add(hash: PictureHash): void {
    const [next0 = NONE, next1 = NONE, next2 = NONE, next3 = NONE] = this.first.map(
      (first, band) => first[bandOf(hash, band)],
    );
    const added = this.hashes.add({ ...hash, next0, next1, next2, next3 });
    for (const [band, first] of this.first.entries()) first[bandOf(hash, band)] = added;
  }

  /** Whether a hash that was added differs in at most this number of bits. */
  has(hash: PictureHash, bits: number): boolean {
    return BANDS.some((next, band) =>
      this.masks.some((mask) => this.isInChain(hash, { next, band, mask, bits })),
    );
  }

  private isInChain(
    hash: PictureHash,
    { next, band, mask, bits }: { next: Next; band: number; mask: number; bits: number },
  ): boolean {
    let other = this.first[band]?.[bandOf(hash, band) ^ mask] ?? NONE;
    while (other !== NONE) {
      const high = this.hashes.get('high', other) ^ hash.high;
      const low = this.hashes.get('low', other) ^ hash.low;
      if (onesOf(high) + onesOf(low) <= bits) return true;
      other = this.hashes.get(next, other);
    }
    return false;
  }
}

function inOrderOfAge(samples: Uint32Array, versions: Versions): Uint32Array {
  const position = (version: number) => versions.get('position', version);
  const age = (version: number) => versions.get('modifiedAt', version);
  return samples.toSorted(
    (a, b) => position(a) - position(b) || age(a) - age(b) || compareHashes(versions, a, b),
  );
}

function compareHashes(versions: Versions, a: number, b: number): number {
  return fractionOf(versions.hashOf(a)) - fractionOf(versions.hashOf(b));
}

function hashOf(versions: Versions, version: number): PictureHash | undefined {
  if (versions.get('hasDhash', version) === 0) return undefined;
  return { high: versions.get('dhashHigh', version), low: versions.get('dhashLow', version) };
}

function bandOf({ high, low }: PictureHash, band: number): number {
  const half = band < 2 ? high : low;
  return band % 2 === 0 ? half >>> BAND_BITS : half & 0xffff;
}

/** All values of a band with at most this number of ones. */
function masksWithin(radius: number): readonly number[] {
  const all = Array.from({ length: 2 ** BAND_BITS }, (_, value) => value);
  return all.filter((value) => onesOf(value) <= radius);
}

/** Ones in 32 bits: https://graphics.stanford.edu/~seander/bithacks.html#CountBitsSetParallel */
function onesOf(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
