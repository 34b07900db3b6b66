import { median } from './median';

test.each([
  ['the middle one of an odd number, whatever their order', [9, 1, 5], 5],
  ['the mean of the middle two of an even number', [4, 1, 2, 100], 3],
  ['the only one', [7], 7],
  ['no number when there is no value', [], Number.NaN],
])('median is %s', (_reason, values, expected) => {
  expect(median(values)).toBe(expected);
});
