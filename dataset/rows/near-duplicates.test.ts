import fc from 'fast-check';
import { sampleRow, versionsOf } from '../../test/fakes/dataset/rows';
import { MOST_DUPLICATE_BITS, withoutNearDuplicates } from './near-duplicates';

const pictureHash = fc
  .array(fc.integer({ min: 0, max: 63 }), { maxLength: 16 })
  .map((ones) => ones.reduce((hash, bit) => hash ^ (1n << BigInt(bit)), 0n));

const hex = (hash: bigint) => hash.toString(16).padStart(16, '0');

function differingBits(a: bigint, b: bigint): number {
  return [...(a ^ b).toString(2)].filter((digit) => digit === '1').length;
}

function filter(hashes: readonly bigint[], bits: number) {
  const versions = versionsOf(
    hashes.map((hash, at) =>
      sampleRow(`${at}`, {
        columns: { dhash: hex(hash) },
        lastModified: new Date(at * 1000).toISOString(),
      }),
    ),
  );
  return withoutNearDuplicates(
    Uint32Array.from(hashes, (_, at) => at),
    versions,
    bits,
  );
}

describe('pictures that are nearly the same', () => {
  test('are left out exactly when an older one that stays looks like them', () => {
    const bits = fc.integer({ min: 0, max: MOST_DUPLICATE_BITS });
    fc.assert(
      fc.property(fc.array(pictureHash, { maxLength: 25 }), bits, (hashes, most) => {
        const kept: number[] = [];
        hashes.forEach((hash, at) => {
          const isNear = kept.some((other) => differingBits(hashes[other] ?? 0n, hash) <= most);
          if (!isNear) kept.push(at);
        });
        expect([...filter(hashes, most).kept]).toEqual(kept);
      }),
      { numRuns: 60 },
    );
  });

  test('stay when they have no perceptual hash, and are counted', () => {
    const versions = versionsOf([sampleRow('a'), sampleRow('b')]);
    expect(withoutNearDuplicates(Uint32Array.of(0, 1), versions, 4)).toEqual({
      kept: Uint32Array.of(0, 1),
      dropped: 0,
      withoutHash: 2,
    });
  });

  test('leave the one that is in the last generation, though it is newer', () => {
    const columns = { dhash: hex(7n) };
    const old = sampleRow('old', { columns, lastModified: '2020-01-01T00:00:00Z' });
    const former = sampleRow('former', { columns, lastModified: '2026-01-01T00:00:00Z' });
    const versions = versionsOf([old, former], [{ tar: 0 }, { tar: 1, position: 0 }]);
    expect([...withoutNearDuplicates(Uint32Array.of(0, 1), versions, 0).kept]).toEqual([1]);
  });
});
