import {
  DatasetUnderTest,
  NEWER_RECIPE,
  PREFIX,
  RECIPE,
} from '../test/fakes/dataset/dataset-under-test';
import { EffectStore } from '../test/fakes/dataset/fake-store';
import { datasetStatus } from './status';

const status = (world: DatasetUnderTest) => datasetStatus(world.store, { prefix: PREFIX });
const pictures = (...keys: readonly string[]) => keys.map((key) => ({ key, body: key }));

describe('the status of a dataset', () => {
  test('counts the parts that wait, by their recipe', async () => {
    const world = new DatasetUnderTest();
    world.addPart(pictures('a', 'b'));
    world.addPart([...pictures('c'), { key: 'd', body: 'd', leftOut: 'too small' }]);
    world.addPart(pictures('a'), NEWER_RECIPE);
    expect(await status(world)).toEqual({
      waiting: [
        expect.objectContaining({
          ...{ recipeHash: RECIPE, parts: 2, samples: 3, leftOut: 1 },
          ...{ first: '20261101T120001', last: '20261101T120002' },
        }),
        expect.objectContaining({ recipeHash: NEWER_RECIPE, parts: 1, samples: 1 }),
      ],
      ...{ removable: 0, withoutIndex: 0, open: [], unused: { objects: 0, bytes: 0 } },
    });
  });

  test('tells what is in the dataset, what came after it, and a tar without an index', async () => {
    const world = new DatasetUnderTest();
    world.addPart(pictures('a'));
    await world.finish();
    world.addPart(pictures('b', 'c'));
    world.destination.delete(world.addPart(pictures('d')));
    const { dataset, ...rest } = await status(world);
    expect(dataset?.counts.samples).toBe(1);
    expect(rest).toMatchObject({
      waiting: [{ parts: 1, samples: 2 }],
      ...{ removable: 1, withoutIndex: 1, open: [] },
    });
  });

  test('reports a finish that runs or was killed, and how far it is', async () => {
    const world = new DatasetUnderTest();
    world.addPart(pictures('a', 'b', 'c', 'd', 'e', 'f', 'g'));
    const killed = new EffectStore(world.destination, (number) => {
      if (number === 3) throw new Error('killed');
    });
    await expect(world.finish({}, killed)).rejects.toThrow('killed');
    expect((await status(world)).open).toEqual([
      expect.objectContaining({
        ...{ generation: 1, shards: 3, shardsWritten: 2, startedAt: '1970-01-01T00:00:00.000Z' },
      }),
    ]);
    await world.finish();
    expect((await status(world)).open).toEqual([]);
  });

  test('counts what an earlier generation left and the dataset does not need', async () => {
    const world = new DatasetUnderTest();
    world.addPart(pictures('a', 'b', 'c', 'd'));
    await world.finish();
    expect((await status(world)).unused.objects).toBe(0);
    world.addPart(pictures('e'));
    await world.finish();
    // The last shard, the index and the plan; the first shard stays in use.
    expect((await status(world)).unused.objects).toBe(3);
  });

  test('reads the first line of an index whose recipe is long', async () => {
    const world = new DatasetUnderTest();
    const key = world.addPart(pictures('a'));
    const text = world.destination
      .text(key)
      ?.replace('"of":', `"long":"${'x'.repeat(20_000)}","of":`);
    world.destination.put(key, text ?? '');
    expect((await status(world)).waiting).toMatchObject([{ samples: 1 }]);
  });
});
