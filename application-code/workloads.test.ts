import { recipeOf } from './workloads';

jest.mock(
  './wrong/recipe.ts',
  () => {
    throw new Error('outputs[0] is wrong\njobCpus is wrong');
  },
  { virtual: true },
);
jest.mock(
  './unclosed/recipe.ts',
  () => {
    throw new Error('Transform failed with 1 error:\n/x.ts:1:2: ERROR: Unexpected "}"\n');
  },
  { virtual: true },
);
jest.mock('./empty/recipe.ts', () => ({}), { virtual: true });
jest.mock('./half/recipe.ts', () => ({ recipe: { default: {} } }), { virtual: true });

const END = '; fix it, and run the command again.';
const NONE =
  'must export a `recipe`, such as `export const recipe = commandRecipe({ argv: ' +
  "['./transcribe.sh'] });`, but exports none";

test.each([
  ['wrong', 'says: outputs[0] is wrong; jobCpus is wrong', 'every fault of its definition'],
  ['unclosed', 'says: /x.ts:1:2: ERROR: Unexpected "}"', 'where its syntax is wrong'],
  ['empty', NONE, 'what it must export'],
  ['half', NONE, 'what it must export, where that is something else'],
])('of %s/recipe.ts, which cannot be used, it says: %s', (name, why, _what) => {
  const sentence = `application-code/${name}/recipe.ts ${why}${END}`;
  expect(() => recipeOf(name)).toThrow(
    expect.objectContaining({ name: 'WorkloadError', message: sentence }),
  );
});
