import { NO_RECIPE_YET, parseRecipeRecord, recipeRecord } from './recipe-record';

test('a record is read as it was written, and the order of the renditions does not matter', () => {
  const written = recipeRecord({ renditions: ['b', 'a'], maxTaskSeconds: 60 });
  expect(written).toBe(recipeRecord({ renditions: ['a', 'b'], maxTaskSeconds: 60 }));
  expect(parseRecipeRecord(written)).toEqual({ renditions: ['a', 'b'], maxTaskSeconds: 60 });
});

test('a record of the most renditions that a recipe has fits into a parameter of 4 KiB', () => {
  const renditions = Array.from({ length: 50 }, () => '0123abcd');
  expect(recipeRecord({ renditions, maxTaskSeconds: 86_400 }).length).toBeLessThan(4_096);
});

test.each([NO_RECIPE_YET, '', '{', 'null', '[]', '{"renditions":"a"}'])(
  '%j is no record',
  (value) => {
    expect(parseRecipeRecord(value)).toBeUndefined();
  },
);
