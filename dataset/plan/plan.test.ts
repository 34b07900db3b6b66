import fc from 'fast-check';
import { sampleRow, versionsOf } from '../../test/fakes/dataset/rows';
import type { Versions } from '../rows/versions';
import { generationFolder, shardName } from '../shards/names';
import { type FormerShard, type PlannedShard, planShards } from './plan';
import { parseSplits, WHOLE } from './splits';

const SPLITS = parseSplits('train=0.7,validation=0.2,test=0.1');
const keysOf = (versions: Versions, shards: readonly PlannedShard[]) =>
  shards.flatMap((shard) => [...shard.versions].map((version) => versions.read(version).key));
const all = (versions: Versions) => Uint32Array.from({ length: versions.size }, (_, at) => at);

const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 60 });
const samplesPerShard = fc.integer({ min: 1, max: 12 });
const seed = fc.option(fc.string(), { nil: undefined });
const splits = fc.constantFrom(
  WHOLE,
  SPLITS,
  parseSplits('train=0.7,validation=0.2,test=0.1', 'ratio'),
);

interface Last {
  readonly keys: readonly string[];
  readonly former: readonly FormerShard[];
}

/** A generation of these keys without splits, as the next finish finds it. */
function generationOf(names: readonly string[], each: number): Last {
  const versions = versionsOf(names.map((key) => sampleRow(key)));
  const shards = planShards(all(versions), versions, {
    samplesPerShard: each,
    splits: WHOLE,
    former: [],
  });
  return {
    keys: keysOf(versions, shards),
    former: shards.map(({ split, number, versions: { length } }) => ({
      key: `${generationFolder(1)}${shardName(split, number)}`,
      split,
      samples: length,
    })),
  };
}

/** What is planned when some keys were overwritten, others deleted, and others are new. */
function planNext(last: Last, each: number, change: Partial<Record<'newer' | 'gone', string[]>>) {
  const { newer = [], gone = [] } = change;
  const fresh = newer.filter((key) => !last.keys.includes(key));
  const rows = [
    ...last.keys.map((key) => sampleRow(key)),
    ...newer.map((key) => sampleRow(key, { eTag: '"2"' })),
  ];
  const versions = versionsOf(
    rows,
    last.keys.map((_, position) => ({ tar: 1, position })),
  );
  const taken = all(versions).filter((version) => {
    const { key, eTag } = versions.read(version);
    return !gone.includes(key) && (eTag === '"2"' || !newer.includes(key));
  });
  const plan = { samplesPerShard: each, splits: WHOLE, former: last.former };
  return { shards: planShards(taken, versions, plan), versions, fresh, taken };
}

describe('a plan of shards', () => {
  test('has every sample exactly once, whatever the order and the splits', () => {
    fc.assert(
      fc.property(keys, samplesPerShard, seed, splits, (names, each, order, rule) => {
        const versions = versionsOf(names.map((key) => sampleRow(key)));
        const settings = { samplesPerShard: each, splits: rule, former: [] };
        const shards = planShards(all(versions), versions, {
          ...settings,
          ...(order !== undefined && { seed: order }),
        });
        expect(keysOf(versions, shards).sort()).toEqual([...names].sort());
      }),
    );
  });

  test('has even shards: all of a split but the last one are full, and none is empty', () => {
    fc.assert(
      fc.property(keys, samplesPerShard, splits, (names, each, rule) => {
        const versions = versionsOf(names.map((key) => sampleRow(key)));
        const shards = planShards(all(versions), versions, {
          samplesPerShard: each,
          splits: rule,
          former: [],
        });
        for (const { name } of rule.splits) {
          const sizes = shards.filter(({ split }) => split === name).map((one) => one.versions);
          expect(sizes.slice(0, -1).every(({ length }) => length === each)).toBe(true);
          expect(sizes.every(({ length }) => length > 0 && length <= each)).toBe(true);
        }
      }),
    );
  });

  test('has the same order for the same seed, in whatever order the parts were read', () => {
    fc.assert(
      fc.property(keys, fc.string(), (names, order) => {
        const [first, second] = [names, names.toReversed()].map((some) => {
          const versions = versionsOf(some.map((key) => sampleRow(key)));
          const plan = { samplesPerShard: 5, splits: SPLITS, seed: order, former: [] };
          return keysOf(versions, planShards(all(versions), versions, plan));
        });
        expect(first).toEqual(second);
      }),
    );
  });

  test('has another order for another seed', () => {
    const names = Array.from({ length: 100 }, (_, at) => `${at}.jpg`);
    const versions = versionsOf(names.map((key) => sampleRow(key)));
    const orders = ['1', '2'].map((one) =>
      keysOf(
        versions,
        planShards(all(versions), versions, {
          samplesPerShard: 10,
          splits: WHOLE,
          seed: one,
          former: [],
        }),
      ),
    );
    expect(orders[0]).not.toEqual(orders[1]);
    expect(orders[0]).not.toEqual(names);
  });
});

describe('a plan that continues a generation', () => {
  test('has every sample once and even shards, whatever was overwritten, deleted and added', () => {
    fc.assert(
      fc.property(keys, keys, samplesPerShard, fc.nat(), (names, newer, each, cut) => {
        const last = generationOf(names, each);
        const gone = last.keys.slice(0, cut % (names.length + 1)).filter((_, at) => at % 3 === 0);
        const next = planNext(last, each, { newer, gone });
        const expected = [...next.taken].map((version) => next.versions.read(version).key);
        expect(keysOf(next.versions, next.shards).sort()).toEqual(expected.sort());
        const sizes = next.shards.map((shard) => shard.versions.length);
        expect(sizes.slice(0, -1).every((size) => size === each)).toBe(true);
      }),
    );
  });

  test('takes every shard as it is when nothing has changed', () => {
    const last = generationOf(['a', 'b', 'c', 'd', 'e'], 2);
    const { shards } = planNext(last, 2, {});
    expect(shards.map(({ same }) => same?.key)).toEqual(last.former.map(({ key }) => key));
  });

  test('writes the shard of an overwritten key and the last one for a new key, no other', () => {
    const last = generationOf(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 2);
    const { shards, versions } = planNext(last, 2, { newer: ['d', 'z'] });
    expect(shards.map(({ same }) => same !== undefined)).toEqual([true, false, true, false]);
    expect(keysOf(versions, shards)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'z']);
  });

  test('fills the place of a deleted key with a new one, or with the last one', () => {
    const last = generationOf(['a', 'b', 'c', 'd', 'e'], 2);
    const withNew = planNext(last, 2, { gone: ['b', 'c'], newer: ['z'] });
    expect(keysOf(withNew.versions, withNew.shards)).toEqual(['a', 'z', 'e', 'd']);
  });
});
