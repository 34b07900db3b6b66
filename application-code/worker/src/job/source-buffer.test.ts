import { allocateSource, withEnding } from './source-buffer';

const ENDING = Buffer.from([1, 2, 3]);

test('a source that was allocated as one gets its ending in place', () => {
  const source = allocateSource(4).fill(9);
  const ended = withEnding(source, 4, ENDING);
  expect([...ended]).toEqual([9, 9, 9, 9, 1, 2, 3]);
  expect(ended.buffer).toBe(source.buffer);
});

test.each([
  ['of a pool', Buffer.from([9, 9, 9, 9])],
  ['that is part of another', allocateSource(8).fill(9).subarray(2, 6)],
  ['without room behind it', Buffer.alloc(4, 9)],
])('a buffer %s is copied, and stays as it is', (_, source) => {
  const ended = withEnding(source, 3, ENDING);
  expect([...ended]).toEqual([9, 9, 9, 1, 2, 3]);
  expect([...source]).toEqual([9, 9, 9, 9]);
});
