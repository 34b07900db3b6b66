import { planOf } from '../../../../test/fakes/worker/fake-buckets';
import { recipeHash } from './recipe-hash';

const settings = { name: 'small', width: 320, format: 'webp' };
const hashOf = (given: object) => recipeHash(planOf('small', { settings: given }));

test('every setting that shapes an output changes the hash', () => {
  const others = [
    { ...settings, width: 321 },
    { ...settings, height: 320 },
    { ...settings, name: 'tiny' },
  ];
  const hashes = [settings, ...others].map(hashOf);
  expect(new Set(hashes).size).toBe(hashes.length);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{8}$/);
});

test('the order of the settings does not', () => {
  expect(hashOf({ format: 'webp', width: 320, name: 'small' })).toBe(hashOf(settings));
});
