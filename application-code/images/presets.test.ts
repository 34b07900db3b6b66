import { recipeHash } from '../worker/src/job/recipe-hash';
import { RecipeError } from '../worker/src/workload/recipe';
import { outputsOf } from './outputs';
import { PRESET_NAMES, PRESETS } from './presets';
import { parseRecipe } from './recipe';
import { recipeFaults } from './recipe-rules';

describe.each(PRESET_NAMES)('the preset %s', (name) => {
  const parsed = parseRecipe(JSON.stringify(name));

  test('is read as renditions that the rules themselves allow', () => {
    expect(parsed).toEqual(PRESETS[name]);
    expect(recipeFaults(parsed)).toEqual([]);
  });

  test('is the same recipe as the renditions that it stands for, once they are written out', () => {
    const written = parseRecipe(JSON.stringify(PRESETS[name]));
    expect(outputsOf(written).map(recipeHash)).toEqual(outputsOf(parsed).map(recipeHash));
  });

  test('has one rendition, in a folder of its own name', () => {
    expect(outputsOf(parsed).map(({ folder, pathOf }) => folder + pathOf('a b/c.png'))).toEqual([
      `${name}/a b/c.png.jpg`,
    ]);
  });
});

test.each([
  ['imagnet-224', '; did you mean `imagenet-224`?'],
  ['Inception-299', '; did you mean `inception-299`?'],
  ['imagenet-224-paded', '; did you mean `imagenet-224-padded`?'],
  ['constructor', ''],
  ['', ''],
])('fails with the nearest preset when it is misspelt as "%s"', (name, hint) => {
  const faults = [
    'RECIPE must be a list of 1 to 50 renditions, or one of the presets imagenet-224, ' +
      'imagenet-224-padded, inception-299, inception-299-padded, ' +
      `but ${JSON.stringify(name)} was given${hint}`,
  ];
  expect(() => parseRecipe(JSON.stringify(name))).toThrow(new RecipeError(faults));
});
