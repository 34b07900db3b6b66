import { age } from './age';
import { table } from './table';

test('table makes columns as wide as their widest cell, without spaces at the end', () => {
  expect(
    table([
      ['A', 'LONG', 'C'],
      ['longer', 'b'],
      ['', 'x', 'y'],
    ]),
  ).toEqual(['A       LONG  C', 'longer  b', '        x     y']);
});

test('table lets no cell write elsewhere', () => {
  expect(
    table([
      ['a\u001b[2J\n', 'b'],
      ['a', 'c'],
    ]),
  ).toEqual(['a\\u001b[2J\\u000a  b', 'a                 c']);
});

test.each([
  [0, 'just now'],
  [-5_000, 'just now'],
  [59_999, 'just now'],
  [60_000, '1 minute ago'],
  [3_599_999, '59 minutes ago'],
  [7_200_000, '2 hours ago'],
  [86_400_000, '1 day ago'],
  [40 * 86_400_000, '40 days ago'],
])('age calls %i milliseconds %s', (milliseconds, words) => {
  expect(age(1e12 - milliseconds, 1e12)).toBe(words);
});
