import { KNOB_NAMES, parseKnob } from '../lambda/scaler/decision/knobs';
import {
  CONFIGURED,
  KNOB_PARAMETERS,
  NO_RECIPE_YET,
  parseRecipeRecord,
  recipeRecord,
  TASK_DEFINITION_PARAMETER,
} from './parameters';

test('the knobs have the parameters that operators know', () => {
  expect(KNOB_PARAMETERS).toEqual([
    'enabled',
    'max-tasks',
    'min-tasks',
    'jobs-per-task',
    'steps',
    'drain-within-minutes',
    'on-demand-base',
    'on-demand-weight',
    'spot-weight',
  ]);
  expect(KNOB_PARAMETERS).not.toContain(TASK_DEFINITION_PARAMETER);
});

test('no knob can mean the word for the configured value as a value of its own', () => {
  expect(KNOB_NAMES.map((knob) => parseKnob(knob, CONFIGURED))).toEqual(
    KNOB_NAMES.map(() => undefined),
  );
});

test('a record is read as it was written, and the order of the renditions does not matter', () => {
  const written = recipeRecord({ renditions: ['b', 'a'], longestTaskSeconds: 60 });
  expect(written).toBe(recipeRecord({ renditions: ['a', 'b'], longestTaskSeconds: 60 }));
  expect(parseRecipeRecord(written)).toEqual({ renditions: ['a', 'b'], longestTaskSeconds: 60 });
});

test('a record of the most renditions that a recipe has fits into a parameter of 4 KiB', () => {
  const renditions = Array.from({ length: 50 }, () => '0123abcd');
  expect(recipeRecord({ renditions, longestTaskSeconds: 86_400 }).length).toBeLessThan(4_096);
});

test.each([NO_RECIPE_YET, '', '{', 'null', '[]', '{"renditions":"a"}'])(
  '%j is no record',
  (value) => {
    expect(parseRecipeRecord(value)).toBeUndefined();
  },
);
