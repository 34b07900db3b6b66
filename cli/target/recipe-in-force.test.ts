import fc from 'fast-check';
import { planOf } from '../../application-code/images/outputs';
import { RECIPE_HASH, recipeHash } from '../../application-code/worker/src/job/recipe-hash';
import type { OutputPlan } from '../../application-code/worker/src/workload/recipe';
import { recipeRecord } from '../../contract/parameters';
import { ageOf, termsOf } from './recipe-in-force';

const MINUTE = 60_000;
const EVER = Number.NEGATIVE_INFINITY;
const wide = (width: number) => planOf({ name: 'a', width });
const other = planOf({ name: 'b', width: 5 });
/** Versions as SSM says them, newest first, a minute apart from 1 minute on. */
const versions = (...recipes: readonly (readonly OutputPlan[])[]) =>
  recipes
    .map((recipe, at) => ({
      value: recipeRecord({ renditions: recipe.map(recipeHash), longestTaskSeconds: 600 - at }),
      modifiedAt: (at + 1) * MINUTE + 345,
    }))
    .reverse();
const NONE = { value: 'none', modifiedAt: 1 };
const promoted = { outputs: [wide(1), other], longestTaskSeconds: 60, at: 99 * MINUTE };
const sinceOf = (list: Parameters<typeof termsOf>[0], more = {}) =>
  Object.fromEntries(
    [...termsOf(list, { ...promoted, ...more })].map(([name, { since }]) => [name, since]),
  );

describe('the terms of a recipe', () => {
  test.each([
    [
      'has always held what the first record has',
      [...versions([wide(1), other]), NONE],
      EVER,
      EVER,
    ],
    ['has always held what was never recorded otherwise', [NONE], EVER, EVER],
    [
      'holds since its record what has changed, and always what has not',
      [...versions([wide(9), other], [wide(1), other]), NONE],
      2 * MINUTE,
      EVER,
    ],
    [
      'holds since the last change what has been the same before',
      versions([wide(1), other], [wide(9), other], [wide(1), other]),
      3 * MINUTE,
      EVER,
    ],
    [
      'is not touched by an output that comes and goes',
      versions([other], [wide(1), other], [wide(1), other, wide(7)], [wide(1), other]),
      2 * MINUTE,
      EVER,
    ],
    ['holds since the promotion what has no record', versions([other]), 99 * MINUTE, EVER],
  ])('%s', (_title, list, a, b) => {
    expect(sinceOf(list)).toEqual({ a, b });
  });

  test('tasks of before may write as long as they live by the settings of before', () => {
    const term = termsOf(versions([wide(9)], [wide(1)]), { ...promoted, outputs: [wide(1)] }).get(
      'a',
    );
    expect(term?.mixedUntil).toBe(2 * MINUTE + 600_000 + 15 * MINUTE);
  });
});

describe('the age of an output', () => {
  const term = { hash: 'h', since: 1_000, mixedUntil: 5_000 };
  test.each([
    ['older', 'written before', { modifiedAt: 999 }],
    ['ask', 'written while others may have written', { modifiedAt: 1_000 }],
    ['ask', 'written at the end of that', { modifiedAt: 5_000 }],
    [
      'in-force',
      'written then with the hash',
      { modifiedAt: 2_000, metadata: { [RECIPE_HASH]: 'h' } },
    ],
    [
      'older',
      'written then with another one',
      { modifiedAt: 2_000, metadata: { [RECIPE_HASH]: 'x' } },
    ],
    ['older', 'written then without any', { modifiedAt: 2_000, metadata: {} }],
    ['in-force', 'written later', { modifiedAt: 5_001, metadata: {} }],
  ])('is %s when it was %s', (age, _title, written) => {
    expect(ageOf(written, term)).toBe(age);
  });
});

test('no output of an older recipe passes, whatever recipes followed each other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 8 }),
      (widths) => {
        const outputs = [wide(widths.at(-1) ?? 1)];
        const term = termsOf([...versions(...widths.map((width) => [wide(width)])), NONE], {
          ...promoted,
          outputs,
        }).get('a');
        if (!term) throw new Error('there is no term');
        widths.forEach((width, at) => {
          const metadata = { [RECIPE_HASH]: recipeHash(wide(width)) };
          const age = ageOf({ modifiedAt: (at + 1) * MINUTE + 30_000, metadata }, term);
          if (width !== widths.at(-1)) expect(age).toBe('older');
        });
        const last = { modifiedAt: widths.length * MINUTE + 30_000 };
        const metadata = { [RECIPE_HASH]: recipeHash(wide(widths.at(-1) ?? 1)) };
        expect(ageOf({ ...last, metadata }, term)).toBe('in-force');
      },
    ),
  );
});
