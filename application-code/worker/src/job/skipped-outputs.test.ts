import { planOf } from '../../../../test/fakes/worker/fake-buckets';
import { skippedMetadata, skippedNames } from './skipped-outputs';

const optional = (name: string, settings: object = { name }) =>
  planOf(name, { settings, isOptional: true });
const BIG = { name: 'big', width: 9_000, format: 'webp' };
const PLANS = [planOf('small'), optional('big', BIG), optional('other')];
const because = (name: string) => ({
  name,
  because: `output ${name} would be 20000 × 10 – “too large”`,
});

test('the metadata names what was skipped, and the recipe finds it there', () => {
  const metadata = skippedMetadata([because('other'), because('big')], PLANS);
  expect(skippedNames(metadata, PLANS)).toEqual(['big', 'other']);
  expect(metadata['skipped-renditions']).toMatch(/^big:[0-9a-f]{8},other:[0-9a-f]{8}$/);
});

test('nothing is said where nothing was skipped', () => {
  expect(skippedMetadata([], PLANS)).toEqual({});
  expect(skippedNames({}, PLANS)).toEqual([]);
});

test('an output whose settings have changed is no longer skipped, whatever their order', () => {
  const metadata = skippedMetadata([because('big')], PLANS);
  expect(skippedNames(metadata, [optional('big', { ...BIG, height: 9_000 })])).toEqual([]);
  const reordered = { format: 'webp', width: 9_000, name: 'big' };
  expect(skippedNames(metadata, [optional('big', reordered)])).toEqual(['big']);
});

test('an output that the recipe no longer does without is no longer skipped', () => {
  const metadata = skippedMetadata([because('big')], PLANS);
  expect(skippedNames(metadata, [planOf('big', { settings: BIG })])).toEqual([]);
});

test('metadata is ASCII and has room in the 2 KB of S3, whatever is said', () => {
  const many = Array.from({ length: 50 }, (_, index) => because(`n${index}`));
  const metadata = skippedMetadata(
    many,
    many.map(({ name }) => optional(name)),
  );
  const text = Object.entries(metadata).flat().join('');
  expect(text).toMatch(/^[\x20-\x7e]+$/);
  expect(text.length).toBeLessThan(1_700);
});
