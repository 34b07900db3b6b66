import * as z from 'zod/mini';
import {
  defaultOf,
  factsOf,
  flag,
  list,
  oneOf,
  required,
  setting,
  text,
  wholeNumber,
} from './setting';

const seconds = wholeNumber({ unit: 'seconds', min: 1, max: 60 });

test('a setting says its default, its range and what it decides', () => {
  const declared = setting(seconds, 20, 'How long.');
  expect(defaultOf(declared)).toBe(20);
  expect(factsOf(declared)).toEqual({
    must: 'a whole number from 1 to 60 seconds',
    range: { unit: 'seconds', min: 1, max: 60 },
    about: 'How long.',
  });
});

test('two settings of the same kind say each its own', () => {
  const [one, other] = [required(seconds, 'One.'), required(seconds, 'Other.')];
  expect([one, other].map((schema) => factsOf(schema).about)).toEqual(['One.', 'Other.']);
  expect([defaultOf(one), factsOf(other).range?.max]).toEqual([undefined, 60]);
});

test.each([
  [z.nullable(seconds), 'a whole number from 1 to 60 seconds, or `null`'],
  [setting(z.nullable(flag()), null, ''), '`true` or `false`, or `null`'],
  [oneOf([256, 512]), 'one of `256`, `512`'],
  [list(seconds, { what: 'times', max: 3 }), 'a list of at most 3 times'],
  [text('short', () => true), 'short'],
])('the documentation reads what a value must be: %#', (schema, must) => {
  expect(factsOf(schema).must).toBe(must);
});

test('each wrong value of a list is a fault of its own', () => {
  const { error } = z.safeParse(list(seconds, { what: 'times', max: 3 }), [0, 5, 61]);
  expect(error?.issues.map(({ path }) => path)).toEqual([[0], [2]]);
});
