import { FakeBucket } from './bucket';

test('lists by the bytes of keys, below a prefix and after a key, as S3 does', () => {
  const bucket = new FakeBucket();
  // In UTF-16, by which JavaScript sorts, the emoji comes before the last character.
  for (const key of ['in/￮', 'in/😀', 'in/B', 'in/a', 'out/a']) bucket.put(key, key);
  expect(bucket.keys()).toEqual(['in/B', 'in/a', 'in/￮', 'in/😀', 'out/a']);
  expect(bucket.keys('in/', 'in/a')).toEqual(['in/￮', 'in/😀']);
});

test('keeps what was last written, with the ETag of its content and the time of its write', () => {
  let now = 1;
  const bucket = new FakeBucket(() => now);
  bucket.put('a', 'one', { metadata: { by: 'test' } });
  now = 2;
  bucket.put('a', 'four');
  const eTag = '"8cbad96aced40b3838dd9f07f6ef5772"';
  expect(bucket.get('a')).toMatchObject({ bytes: 4, eTag, modifiedAt: 2, metadata: {} });
  bucket.change('a', { modifiedAt: 7 });
  expect([bucket.text('a'), bucket.get('a')?.modifiedAt]).toEqual(['four', 7]);
  bucket.delete('a');
  expect([bucket.size, bucket.get('a')]).toEqual([0, undefined]);
  expect(() => bucket.change('a', {})).toThrow('There is no object a');
});
