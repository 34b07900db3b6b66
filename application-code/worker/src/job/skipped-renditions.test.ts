import type { Recipe } from '../../../images/recipe';
import { skippedMetadata, skippedNames } from './skipped-renditions';

const big = { name: 'big', width: 9_000, format: 'webp', ifImpossible: 'skip' } as const;
const RECIPE: Recipe = [{ name: 'small', width: 9 }, big, { name: 'other', ifImpossible: 'skip' }];
const because = (name: string) => ({
  name,
  because: `rendition ${name} would be 20000 × 10 – “too large”`,
});

test('the metadata names what was skipped, and the recipe finds it there', () => {
  const metadata = skippedMetadata([because('other'), because('big')], RECIPE);
  expect(skippedNames(metadata, RECIPE)).toEqual(['big', 'other']);
  expect(metadata['skipped-renditions']).toMatch(/^big:[0-9a-f]{8},other:[0-9a-f]{8}$/);
});

test('nothing is said where nothing was skipped', () => {
  expect(skippedMetadata([], RECIPE)).toEqual({});
  expect(skippedNames({}, RECIPE)).toEqual([]);
});

test('a rendition whose settings have changed is not skipped any more, whatever their order', () => {
  const metadata = skippedMetadata([because('big')], RECIPE);
  expect(skippedNames(metadata, [{ ...big, height: 9_000 }])).toEqual([]);
  expect(
    skippedNames(metadata, [{ ifImpossible: 'skip', format: 'webp', width: 9_000, name: 'big' }]),
  ).toEqual(['big']);
});

test('a rendition that the recipe no longer does without is not skipped any more', () => {
  const metadata = skippedMetadata([because('big')], RECIPE);
  expect(skippedNames(metadata, [{ ...big, ifImpossible: 'fail' }])).toEqual([]);
});

test('metadata is ASCII and has room in the 2 KB of S3, whatever is said', () => {
  const many = Array.from({ length: 50 }, (_, index) => because(`n${index}`));
  const metadata = skippedMetadata(
    many,
    [...many].map(({ name }) => ({ name, ifImpossible: 'skip' })),
  );
  const text = Object.entries(metadata).flat().join('');
  expect(text).toMatch(/^[\x20-\x7e]+$/);
  expect(text.length).toBeLessThan(1_700);
});
