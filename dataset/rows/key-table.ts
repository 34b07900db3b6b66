import { createHash } from 'node:crypto';

/** Words of 32 bits of a key's hash: two of a thousand million keys share one by no chance. */
const HASH_WORDS = 4;
/** Of the places at most this share is taken: a search ends after a few steps. */
const FULL = 0.6;
const FREE = 0xffffffff;
const FEWEST_PLACES = 1024;

/** The first 128 bits of the SHA-256 of a key. */
export type KeyHash = Readonly<Uint32Array>;

export function keyHash(key: string): KeyHash {
  const digest = createHash('sha256').update(key).digest();
  return Uint32Array.from({ length: HASH_WORDS }, (_, word) => digest.readUInt32BE(4 * word));
}

/** Where a key stands between 0 and 1: always the same, and evenly spread over many keys. */
export function fractionOf([first = 0, second = 0]: KeyHash): number {
  return (first * 2 ** 20 + (second >>> 12)) / 2 ** 52;
}

/**
 * Numbers keys from zero in the order in which they come. It keeps a hash of each instead of the
 * key, about 26 bytes, so that millions of long keys take little memory.
 */
export class KeyTable {
  private hashes = new Uint32Array(HASH_WORDS * FEWEST_PLACES);
  private places = new Uint32Array(FEWEST_PLACES).fill(FREE);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Number of a key that was added; undefined for another. */
  find(hash: KeyHash): number | undefined {
    const found = this.places[this.placeOf(hash)] ?? FREE;
    return found === FREE ? undefined : found;
  }

  /** Number of a key, which is a new one if the key is. */
  add(hash: KeyHash): number {
    const known = this.find(hash);
    if (known !== undefined) return known;
    if (this.count >= FULL * this.places.length) this.grow();
    const number = this.count;
    this.count += 1;
    this.hashes.set(hash, HASH_WORDS * number);
    this.places[this.placeOf(hash)] = number;
    return number;
  }

  hashOf(number: number): KeyHash {
    return this.hashes.subarray(HASH_WORDS * number, HASH_WORDS * (number + 1));
  }

  private placeOf(hash: KeyHash): number {
    const last = this.places.length - 1;
    let place = (hash[3] ?? 0) & last;
    while (this.places[place] !== FREE && !this.isOf(this.places[place] ?? 0, hash))
      place = (place + 1) & last;
    return place;
  }

  private isOf(number: number, hash: KeyHash): boolean {
    for (let word = 0; word < HASH_WORDS; word += 1)
      if (this.hashes[HASH_WORDS * number + word] !== hash[word]) return false;
    return true;
  }

  private grow(): void {
    const hashes = new Uint32Array(2 * this.hashes.length);
    hashes.set(this.hashes);
    this.hashes = hashes;
    this.places = new Uint32Array(2 * this.places.length).fill(FREE);
    for (let number = 0; number < this.count; number += 1)
      this.places[this.placeOf(this.hashOf(number))] = number;
  }
}
