import { DatasetUnderTest, PREFIX } from '../test/fakes/dataset/dataset-under-test';
import { SeenDataset } from '../test/fakes/dataset/seen';
import type { DatasetFile } from './dataset-file';
import { removeParts } from './remove-parts';

const SHARD = `${PREFIX}shards/0001/dataset-000000.tar`;
const INDEX = `${PREFIX}shards/0001/index.parquet`;

async function begin() {
  const world = new DatasetUnderTest();
  const keys = ['a/1', 'a/2', 'b/1', 'b/2'];
  world.addPart(keys.map((key) => ({ key, body: `of ${key}`, label: key.slice(0, 1) })));
  await world.finish();
  return { world, seen: new SeenDataset(world) };
}

/** Other content of the same object. */
function change(world: DatasetUnderTest, key: string, alter: (body: Buffer) => Buffer): void {
  const { body } = world.destination.get(key) ?? { body: Buffer.alloc(0) };
  world.destination.put(key, alter(Buffer.from(body)));
}

function changeFile(world: DatasetUnderTest, alter: (file: DatasetFile) => unknown): void {
  change(world, `${PREFIX}dataset.json`, (body) =>
    Buffer.from(JSON.stringify(alter(JSON.parse(body.toString())))),
  );
}

/** The same body with one byte of the first content changed. */
function flipped(body: Buffer): Buffer {
  body.writeUInt8(body.readUInt8(512) ^ 1, 512);
  return body;
}

describe('verify', () => {
  test('finds nothing wrong with what finish wrote, and says how much it has read', async () => {
    const { seen, world } = await begin();
    const shards = seen.file.shards as DatasetFile['shards'];
    expect(await seen.verify()).toMatchObject({
      ...{ problems: [], samples: 4, files: 12 },
      bytes: shards.reduce((sum, { bytes }) => sum + bytes, 0),
    });
    expect(world.destination.get(SHARD)?.bytes).toBe(shards[0]?.bytes);
  });

  test('fails before there is a dataset', async () => {
    await expect(new SeenDataset(new DatasetUnderTest()).verify()).rejects.toThrow(
      'there is no made/dataset.json, and so nothing to verify',
    );
  });

  test('names a shard with another byte, and the file that is another one', async () => {
    const { world, seen } = await begin();
    change(world, SHARD, flipped);
    expect(await seen.problems()).toEqual([
      expect.stringMatching(/^shards\/0001\/dataset-000000.tar has another SHA-256/),
      'a/1.jpg in shards/0001/dataset-000000.tar has other content than the index says',
    ]);
  });

  test('names a shard that is cut off, is no tar, or is gone', async () => {
    const { world, seen } = await begin();
    change(world, SHARD, (body) => body.subarray(0, 600));
    expect((await seen.problems())[0]).toMatch(/cannot be read as a tar|has another SHA-256/);
    change(world, SHARD, () => Buffer.alloc(4096, 'x'));
    expect((await seen.problems())[0]).toMatch(/cannot be read as a tar/);
    world.destination.delete(SHARD);
    expect((await seen.problems())[0]).toMatch(/cannot be read as a tar: .*tar is gone/);
  });

  test('names shards that were exchanged', async () => {
    const { world, seen } = await begin();
    changeFile(world, (file) => ({
      ...file,
      shards: file.shards.map((shard, at) => ({ ...shard, key: file.shards[1 - at]?.key })),
    }));
    expect((await seen.problems()).join('\n')).toMatch(/has 3 samples by dataset.json, and 0/);
  });

  test('names an index with other bytes, without rows, or that is gone', async () => {
    const { world, seen } = await begin();
    change(world, INDEX, (body) => Buffer.concat([body.subarray(0, 4), body.subarray(4)]));
    changeFile(world, (file) => ({
      ...file,
      indexes: file.indexes.map((index) => ({ ...index, rows: 3, sha256: '0'.repeat(64) })),
    }));
    expect((await seen.problems()).slice(0, 2)).toEqual([
      'shards/0001/index.parquet has another SHA-256 than dataset.json says',
      expect.stringMatching(/index.parquet has 4 rows, but dataset.json says 3/),
    ]);
    world.destination.delete(INDEX);
    expect((await seen.problems())[0]).toMatch(/index.parquet cannot be read: .* is gone/);
  });

  test('names counts that are not those of the samples', async () => {
    const { world, seen } = await begin();
    changeFile(world, (file) => ({
      ...file,
      counts: { ...file.counts, samples: 5, bySplit: { dataset: 3, test: 1 }, byClass: { a: 2 } },
    }));
    expect(await seen.problems()).toEqual([
      'there are 4 samples, but dataset.json counts 5',
      'the split dataset has 4 samples, but dataset.json counts 3',
      'the split test has 0 samples, but dataset.json counts 1',
      'the class b has 2 samples, but dataset.json counts 0',
    ]);
  });

  test('names classes with other numbers', async () => {
    const { world, seen } = await begin();
    changeFile(world, (file) => ({ ...file, classes: { a: 1, b: 0 } }));
    expect((await seen.problems())[0]).toBe('a/1 has the class 0, but a has another number');
  });

  test('names a key that is there twice', async () => {
    const { world, seen } = await begin();
    changeFile(world, (file) => ({
      ...file,
      shards: [...file.shards, ...file.shards],
      indexes: [...file.indexes, ...file.indexes],
    }));
    expect(await seen.problems()).toContain('a/1 is there twice');
  });
});

describe('the parts', () => {
  test('stay when verify finds a problem', async () => {
    const { world } = await begin();
    change(world, SHARD, flipped);
    const parts = world.destination.keys(`${PREFIX}parts/`);
    await expect(removeParts({ store: world.store }, { prefix: PREFIX })).rejects.toThrow(
      /^no part was removed, since the dataset has 2 problems: shards/,
    );
    expect(world.destination.keys(`${PREFIX}parts/`)).toEqual(parts);
  });

  test('that came after the finish stay', async () => {
    const { world } = await begin();
    const later = world.addPart([{ key: 'z', body: 'z' }]);
    await removeParts({ store: world.store }, { prefix: PREFIX });
    const left = world.destination.keys(`${PREFIX}parts/`);
    expect(left).toEqual([later, later.replace('jsonl', 'tar')]);
  });
});
