import { PREFIX, RECIPE } from '../test/fakes/dataset/dataset-under-test';
import { FakeStore } from '../test/fakes/dataset/fake-store';
import { begin, FIVE, pictures } from '../test/fakes/dataset/five-pictures';
import { parseSplits } from './plan/splits';
import { removeParts } from './remove-parts';

describe('finish', () => {
  test('makes even shards of all parts, which verify finds right', async () => {
    const { world, seen } = begin(...FIVE);
    const { dataset } = await world.finish();
    expect(await seen.samples()).toEqual([
      ['cat/1', 'dog/1', 'cat/2'],
      ['dog/2', 'dog/3'],
    ]);
    expect(dataset).toEqual(seen.file);
    expect(dataset).toMatchObject({
      ...{ generation: 1, recipeHash: RECIPE, recipe: { of: RECIPE }, workload: 'images' },
      source: { bucket: 'photos', prefix: '' },
      classes: { cat: 0, dog: 1 },
      counts: {
        ...{ samples: 5, bySplit: { dataset: 5 }, byClass: { cat: 2, dog: 3 } },
        ...{ withoutLabel: 0, lacking: 0, leftOut: 0, deleted: 0, nearDuplicates: 0 },
      },
      shards: [
        { key: 'shards/0001/dataset-000000.tar', split: 'dataset', samples: 3 },
        { key: 'shards/0001/dataset-000001.tar', split: 'dataset', samples: 2 },
      ],
      indexes: [{ key: 'shards/0001/index.parquet', rows: 5 }],
    });
    expect(await seen.problems()).toEqual([]);
  });

  test('copies the files of a sample as they are, and adds the number of its class', async () => {
    const { world, seen } = begin(pictures('dog/a.b.jpg'), pictures('cat/1'));
    await world.finish();
    const [files = []] = await seen.files();
    expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['dog/a%2Eb%2Ejpg.jpg', 'picture of dog/a.b.jpg'.length],
      ['dog/a%2Eb%2Ejpg.json', JSON.stringify({ key: 'dog/a.b.jpg' }).length],
      ['dog/a%2Eb%2Ejpg.cls', 1],
      ['cat/1.jpg', 'picture of cat/1'.length],
      ['cat/1.json', JSON.stringify({ key: 'cat/1' }).length],
      ['cat/1.cls', 1],
    ]);
  });

  test('adds no class where there are no labels', async () => {
    const { world, seen } = begin([{ key: 'a', body: 'a' }]);
    const { dataset } = await world.finish();
    expect(dataset.counts).toMatchObject({ withoutLabel: 1, byClass: {} });
    expect((await seen.files()).flat().map(({ name }) => name)).toEqual(['a.jpg', 'a.json']);
  });

  test('shuffles and splits: the same seed makes the same bytes of other parts', async () => {
    const options = { seed: '7', splits: parseSplits('train=0.5,test=0.5'), samplesPerShard: 10 };
    const keys = Array.from({ length: 40 }, (_, at) => `${at % 3}/${at}`);
    const first = begin(pictures(...keys));
    const second = begin(pictures(...keys.slice(20)), pictures(...keys.slice(0, 20)));
    const [one, other] = [await first.world.finish(options), await second.world.finish(options)];
    expect(await first.seen.problems()).toEqual([]);
    expect((await first.seen.samples()).flat().sort()).toEqual([...keys].sort());
    expect(one.dataset.shards).toEqual(other.dataset.shards);
    expect(one.dataset.shards.map(({ split }) => split)).toContain('test');
  });

  test('takes the version that the source has now, once, and names what no part has', async () => {
    const { world, seen } = begin(pictures('a/1', 'a/2'), pictures('a/2'), pictures('a/3'));
    world.addPart([{ key: 'a/1', body: 'newer', label: 'a' }]);
    world.upload('a/3', 'newest');
    const onLacking = jest.fn();
    const { lacking, dataset } = await world.finish({ onLacking });
    expect((await seen.samples()).flat()).toEqual(['a/2', 'a/1']);
    expect((await seen.files()).flat().find(({ name }) => name === 'a/1.jpg')?.bytes).toBe(5);
    expect(lacking).toEqual({ count: 1, examples: ['a/3'] });
    expect(dataset.counts.lacking).toBe(1);
    expect(onLacking).toHaveBeenCalledWith(expect.objectContaining({ key: 'a/3' }));
  });

  test('names what a filter left out, and counts it', async () => {
    const { world, seen } = begin([
      ...pictures('a/1'),
      { key: 'a/2', body: 'tiny', leftOut: 'The smallest side is 8.' },
    ]);
    const { dataset } = await world.finish();
    expect(dataset.counts).toMatchObject({ samples: 1, leftOut: 1, leftOutByOutput: { 224: 1 } });
    const rows = world.destination.text(`${PREFIX}shards/0001/left-out.jsonl`);
    expect(JSON.parse(rows ?? '')).toMatchObject({ key: 'a/2', leftOut: { output: '224' } });
    expect(await seen.problems()).toEqual([]);
  });

  test('leaves out pictures that look like another one', async () => {
    const { world, seen } = begin([
      { key: 'a', body: 'a', columns: { dhash: '00000000000000ff', width: 8 } },
      { key: 'b', body: 'b', columns: { dhash: '00000000000000fe', width: 9 } },
      { key: 'c', body: 'c', columns: { dhash: 'ff000000000000ff', width: 9 } },
    ]);
    const { dataset } = await world.finish({ nearDuplicates: 1 });
    expect(dataset.counts).toMatchObject({ samples: 2, nearDuplicates: 1 });
    expect(await seen.problems()).toEqual([]);
  });

  test('says from when to when its events are', async () => {
    const times = ['2026-11-02T00:00:00.000Z', '2026-11-01T00:00:00.000Z'];
    const { world } = begin(times.map((eventTime) => ({ key: eventTime, body: 'a', eventTime })));
    const { dataset } = await world.finish();
    expect(dataset.eventTimes).toEqual({ first: times[1], last: times[0] });
  });
});

describe('a finish after another one', () => {
  test('writes nothing when nothing has changed', async () => {
    const { world } = begin(...FIVE);
    const first = await world.finish();
    const keys = world.destination.keys();
    const again = await world.finish();
    expect(again).toMatchObject({ isNew: false, dataset: first.dataset });
    expect(world.destination.keys()).toEqual(keys);
  });

  test('keeps the shards that stay as they are, and the numbers of their classes', async () => {
    const { world, seen } = begin(...FIVE);
    await world.finish();
    world.addPart(pictures('ant/1', 'dog/4'));
    const { dataset, shardsWritten } = await world.finish();
    expect(dataset.generation).toBe(2);
    expect(shardsWritten).toBe(2);
    expect(dataset.classes).toEqual({ cat: 0, dog: 1, ant: 2 });
    expect(dataset.shards.map(({ key }) => key)).toEqual([
      'shards/0001/dataset-000000.tar',
      'shards/0002/dataset-000001.tar',
      'shards/0002/dataset-000002.tar',
    ]);
    expect((await seen.samples()).flat()).toEqual([
      ...['cat/1', 'dog/1', 'cat/2', 'dog/2', 'dog/3', 'ant/1', 'dog/4'],
    ]);
    expect(await seen.problems()).toEqual([]);
  });

  test('needs no parts of what it has: it copies from the shards', async () => {
    const { world, seen } = begin(...FIVE);
    world.addPart([{ key: 'x', body: 'x', leftOut: 'too small' }]);
    await world.finish();
    expect(await removeParts({ store: world.store }, { prefix: PREFIX })).toBe(3);
    expect(world.destination.keys(`${PREFIX}parts/`)).toEqual([]);
    expect((await world.finish()).isNew).toBe(false);
    world.addPart([{ key: 'cat/1', body: 'newer', label: 'cat' }]);
    const { dataset } = await world.finish({ samplesPerShard: 2, seed: 's' });
    expect(dataset.counts).toMatchObject({ samples: 5, leftOut: 1 });
    const files = (await seen.files()).flat();
    expect(files.find(({ name }) => name === 'cat/1.jpg')?.bytes).toBe('newer'.length);
    expect(await seen.problems()).toEqual([]);
  });

  test('writes each column of the workload in the narrowest type that holds it', async () => {
    const row = (key: string, columns: Readonly<Record<string, string | number>>) => ({
      ...{ key, body: key, columns: { width: 640, ...columns } },
    });
    const { world, seen } = begin([row('a', { score: 1, tag: 1 }), row('b', { score: 2, tag: 2 })]);
    await world.finish();
    const whole = { width: 'INT64', score: 'INT64', tag: 'INT64' };
    expect(seen.columnTypes()).toMatchObject(whole);
    world.addPart([row('c', { score: 0.5, tag: 'x' })]);
    await world.finish();
    const types = { width: 'INT64', score: 'DOUBLE', tag: 'BYTE_ARRAY' };
    expect(seen.columnTypes()).toMatchObject(types);
    expect(await seen.problems()).toEqual([]);
  });

  test('is without deleted sources only if that is asked for', async () => {
    const { world, seen } = begin(...FIVE);
    await world.finish();
    world.sources.delete('dog/1');
    expect((await world.finish()).isNew).toBe(false);
    const { dataset } = await world.finish({ withoutDeleted: true });
    expect(dataset.counts).toMatchObject({ samples: 4, deleted: 1 });
    expect((await seen.samples()).flat()).not.toContain('dog/1');
    expect(await seen.problems()).toEqual([]);
  });

  test('takes another generation when a plan that was begun cannot be continued', async () => {
    const { world } = begin(...FIVE);
    const store = new FakeStore(world.destination);
    jest.spyOn(store, 'create').mockImplementation(async (key, body) => {
      if (key.endsWith('000001.tar')) throw new Error('killed');
      return FakeStore.prototype.create.call(store, key, body);
    });
    await expect(world.finish({}, store)).rejects.toThrow('killed');
    world.addPart(pictures('new/1'));
    expect((await world.finish()).dataset.generation).toBe(2);
  });
});
