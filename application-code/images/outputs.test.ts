import fc from 'fast-check';
import { outputKey } from '../worker/src/job/keys';
import { recipeHash } from '../worker/src/job/recipe-hash';
import { planOf } from './outputs';
import { PRESETS } from './presets';
import type { RenditionSpec } from './recipe';

const prefixes = { sourcePrefix: 'ecsproc/', destinationPrefix: 'processed/' };
const path = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
const rendition = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/).filter((name) => name !== '.' && name !== '..'),
  format: fc.constantFrom(undefined, 'jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'),
} as const);
const preset = fc.constantFrom(...Object.values(PRESETS).flat());
const keyOf = (source: string, spec: { readonly name: string; readonly format?: unknown }) =>
  outputKey(`ecsproc/${source}`, planOf(spec as RenditionSpec), prefixes);

describe('the key of a rendition', () => {
  test.each<[string, RenditionSpec, string, string]>([
    ['a/b.JPG', { name: '224x224' }, '224x224/a/b.JPG', 'keeps the path'],
    ['a.JPG', { name: 's', format: 'webp' }, 's/a.JPG.webp', 'appends the extension of a format'],
    ['a.webp', { name: 's', format: 'webp' }, 's/a.webp.webp', 'appends it always'],
    ['a', { name: 's', format: 'jpeg' }, 's/a.jpg', 'writes jpeg as .jpg'],
    ['a', { name: 's', format: 'tiff' }, 's/a.tiff', 'writes tiff as .tiff'],
  ])('of %s with %j is %s: it %s', (source, spec, expected) => {
    expect(keyOf(source, spec)).toBe(`processed/${expected}`);
  });

  test('is never shared by two pairs of source and rendition of one recipe', () => {
    const either = fc.oneof(rendition, preset);
    fc.assert(
      fc.property(path, path, either, either, (one, other, first, second) => {
        fc.pre(one !== other || first.name !== second.name);
        fc.pre(first.name !== second.name || first.format === second.format);
        expect(keyOf(one, first)).not.toBe(keyOf(other, second));
      }),
    );
  });
});

test('what happens when it cannot be made is no part of what a rendition is made by', () => {
  const spec: RenditionSpec = { name: 'small', width: 320, format: 'webp' };
  const skipping = planOf({ ...spec, ifImpossible: 'skip' });
  expect(recipeHash(skipping)).toBe(recipeHash(planOf(spec)));
  expect([skipping.isOptional, planOf(spec).isOptional]).toEqual([true, false]);
  expect(recipeHash(planOf({ ...spec, quality: 75 }))).not.toBe(recipeHash(planOf(spec)));
});
