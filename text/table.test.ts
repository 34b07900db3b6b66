import { shortened, table } from './table';
import { age } from './units';

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

test('table is no wider than its terminal: the widest columns give way', () => {
  const rows = [
    ['AGE', 'KEY', 'WHY'],
    ['1 day ago', 'a/very/long/key.jpg', 'the picture is damaged or cut short'],
  ];
  expect(table(rows, 40)).toEqual([
    'AGE        KEY            WHY',
    '1 day ago  a/very/long/…  the picture i…',
  ]);
  expect(table(rows, 10)[1]).toBe('1 day a…  a/very/…  the pic…');
});

test.each([
  ['東京の写真.jpg', 8, '東京の…'],
  ['👩‍👩‍👧👩‍👩‍👧.jpg', 4, '👩‍👩‍👧…'],
  ['東京', 4, '東京'],
])('%s is at most %i columns wide', (text, width, short) => {
  expect(shortened(text, width)).toBe(short);
});

test('table lines up what stands beside characters of two columns', () => {
  expect(
    table([
      ['写真', 'b'],
      ['a', 'c'],
    ]),
  ).toEqual(['写真  b', 'a     c']);
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
