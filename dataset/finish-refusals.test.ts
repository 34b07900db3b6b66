import {
  DatasetUnderTest,
  NEWER_RECIPE,
  PREFIX,
  RECIPE,
} from '../test/fakes/dataset/dataset-under-test';
import { begin, FIVE, pictures } from '../test/fakes/dataset/five-pictures';

describe('the recipe', () => {
  test('may change when all sources have been made again', async () => {
    const { world, seen } = begin(...FIVE);
    await world.finish();
    world.addPart(FIVE.flat(), NEWER_RECIPE);
    const { dataset } = await world.finish();
    expect(dataset).toMatchObject({ generation: 2, recipeHash: NEWER_RECIPE });
    expect(dataset.counts.samples).toBe(5);
    expect(await seen.problems()).toEqual([]);
  });

  test('fails when some sources have samples of an older one alone: says what to do', async () => {
    const { world } = begin(...FIVE);
    world.addPart(pictures('cat/1'), NEWER_RECIPE);
    await expect(world.finish()).rejects.toThrow(
      new RegExp(
        '^the recipe changed: 4 sources \\(dog/1, cat/2, dog/2, …\\) have .*\n' +
          '  a{12}: 2 parts with 5 samples, opened 20261101T120001 to 20261101T120002\n' +
          'Have them made again by',
      ),
    );
    const { dataset, lacking } = await world.finish({ recipe: NEWER_RECIPE });
    expect([dataset.counts.samples, lacking.count]).toEqual([1, 4]);
    expect((await world.finish({ recipe: RECIPE })).dataset.counts.samples).toBe(5);
  });

  test('must be one that has parts', async () => {
    const { world } = begin(...FIVE);
    await expect(world.finish({ recipe: 'cccccccccccc' })).rejects.toThrow(
      'recipe must be the hash of one that has parts (aaaaaaaaaaaa), but cccccccccccc was given.',
    );
    await expect(new DatasetUnderTest().finish()).rejects.toThrow('there are no parts');
  });
});

describe('what is damaged is said', () => {
  test.each([
    ['an index without its tar', 'tar', undefined, /tar is gone. If another finish removes/],
    ['an index that is cut off', 'jsonl', '{"spill', /cannot be read: Expected line 1 to be/],
    ['a tar of another size', 'tar', 'short', /should have \d+ bytes, but .*tar has 5/],
  ])('%s', async (_title, ending, content, message) => {
    const { world } = begin(...FIVE);
    const key = world.destination.keys(`${PREFIX}parts/`).find((one) => one.endsWith(ending)) ?? '';
    if (content === undefined) world.destination.delete(key);
    else world.destination.put(key, content);
    await expect(world.finish()).rejects.toThrow(message);
  });

  test('a dataset.json that is something else', async () => {
    const { world } = begin(...FIVE);
    world.destination.put(`${PREFIX}dataset.json`, '{"shards": []}');
    await expect(world.finish()).rejects.toThrow(
      'made/dataset.json is not the dataset.json that a finish writes: spillway is wrong',
    );
  });

  test('a tar without an index is no part', async () => {
    const { world, seen } = begin(...FIVE);
    world.destination.delete(world.addPart(pictures('z/1')));
    const { lacking } = await world.finish();
    expect((await seen.samples()).flat()).not.toContain('z/1');
    expect(lacking.examples).toEqual(['z/1']);
  });
});
