import fc from 'fast-check';
import { sampleRow, versionsOf } from '../../test/fakes/dataset/rows';
import { parseSplits, splitUp } from './splits';

const RULE = 'train=0.8,validation=0.1,test=0.1';

/** The names of the keys in each split. */
function splitKeys(keys: readonly string[], by: 'hash' | 'ratio') {
  const versions = versionsOf(keys.map((key) => sampleRow(key)));
  const all = Uint32Array.from(keys, (_, at) => at);
  return splitUp(all, versions, parseSplits(RULE, by)).map((split) =>
    [...split].map((version) => versions.read(version).key),
  );
}

const keys = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 80 });
const thousand = Array.from({ length: 1000 }, (_, at) => `photos/${at}.jpg`);

describe('splits', () => {
  test.each(['hash', 'ratio'] as const)('by %s take every key once', (by) => {
    fc.assert(
      fc.property(keys, (names) => {
        expect(splitKeys(names, by).flat().sort()).toEqual([...names].sort());
      }),
    );
  });

  test('by hash keep a key in its split while the dataset grows', () => {
    fc.assert(
      fc.property(keys, keys, (before, more) => {
        const after = splitKeys([...new Set([...before, ...more])], 'hash');
        splitKeys(before, 'hash').forEach((split, at) => {
          expect(after[at]).toEqual(expect.arrayContaining(split));
        });
      }),
    );
  });

  test('by hash meet the shares nearly', () => {
    const sizes = splitKeys(thousand, 'hash').map(({ length }) => length);
    [800, 100, 100].forEach((wanted, at) => {
      expect(Math.abs((sizes[at] ?? 0) - wanted)).toBeLessThan(40);
    });
  });

  test('by ratio meet the shares exactly', () => {
    expect(splitKeys(thousand, 'ratio').map(({ length }) => length)).toEqual([800, 100, 100]);
  });

  test('may be shares of a third', () => {
    expect(parseSplits('a=0.333,b=0.333,c=0.334').splits).toHaveLength(3);
  });
});

describe('splits that make no sense', () => {
  test.each([
    ['train=0.8,test=0.1', 'the shares add up to 0.9 instead of 1'],
    ['train=0.8,test=0.3', 'the shares add up to 1.1 instead of 1'],
    ['train=1.5,test=-0.5', 'the share of "train" is not above 0 and at most 1'],
    ['train', 'the share of "train" is not above 0 and at most 1'],
    ['Train=0.5,a-b=0.5', '"Train" is no name (small letters, digits and _); "a-b" is no name'],
    ['a=0.5,a=0.5', 'a is there twice'],
  ])('are refused: %s', (text, because) => {
    expect(() => parseSplits(text)).toThrow(because);
    expect(() => parseSplits(text)).toThrow(`but "${text}" was given`);
  });
});
