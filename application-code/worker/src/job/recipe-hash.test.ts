import { recipeHash } from './recipe-hash';

const spec = { name: 'small', width: 320, format: 'webp' } as const;

test('every setting that shapes a rendition changes the hash, and so does its name', () => {
  const others = [
    { ...spec, width: 321 },
    { ...spec, height: 320 },
    { ...spec, quality: 75 },
    { ...spec, name: 'tiny' },
  ];
  const hashes = [spec, ...others].map(recipeHash);
  expect(new Set(hashes).size).toBe(hashes.length);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{8}$/);
});

test('the order of the settings does not, nor does what happens when it cannot be made', () => {
  expect(recipeHash({ format: 'webp', width: 320, name: 'small' })).toBe(recipeHash(spec));
  expect(recipeHash({ ...spec, ifImpossible: 'skip' })).toBe(recipeHash(spec));
});
