import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { DatasetStore } from '../../dataset/ports';
import { FakeBucket } from '../../test/fakes/bucket';
import { FakeStore } from '../../test/fakes/dataset/fake-store';
import { FolderStore } from './folder-store';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

const body = (text: string) => Readable.from([Buffer.from(text)]);
const keysOf = async (store: DatasetStore, prefix: string) => {
  const keys: [string, number][] = [];
  for await (const { key, bytes } of store.list(prefix)) keys.push([key, bytes]);
  return keys;
};

describe.each<[string, () => DatasetStore]>([
  ['a folder', () => new FolderStore(folder)],
  ['the fake of a bucket', () => new FakeStore(new FakeBucket())],
])('%s as the bucket of a dataset', (_, open) => {
  test('lists what is below a prefix, in the order of the keys', async () => {
    const store = open();
    for (const key of ['parts/b/2.tar', 'parts/a/1.tar', 'dataset.json', 'parts-of/x'])
      await store.create(key, body(key));
    expect(await keysOf(store, 'parts/')).toEqual([
      ['parts/a/1.tar', 13],
      ['parts/b/2.tar', 13],
    ]);
  });

  test('writes a new object, and never over another one', async () => {
    const store = open();
    expect(await store.create('a/b', body('first'))).toBe(true);
    expect(await store.create('a/b', body('second'))).toBe(false);
    expect((await store.text('a/b'))?.text).toBe('first');
    expect(await keysOf(store, '')).toEqual([['a/b', 5]]);
  });

  test('replaces an object that has the ETag that was read, and no other', async () => {
    const store = open();
    await store.create('a', body('first'));
    const eTag = (await store.text('a'))?.eTag ?? '';
    expect(await store.replace('a', 'second', eTag)).toBe(true);
    expect(await store.replace('a', 'third', eTag)).toBe(false);
    expect(await store.replace('b', 'third', eTag)).toBe(false);
    expect((await store.text('a'))?.text).toBe('second');
  });

  test('reads exactly a range, or fails', async () => {
    const store = open();
    await store.create('a', body('0123456789'));
    expect(Buffer.from(await store.range('a', 2, 3)).toString()).toBe('234');
    await expect(store.range('a', 8, 3)).rejects.toThrow();
  });

  test('knows nothing of an object that is removed, or never was', async () => {
    const store = open();
    await store.create('a', body('x'));
    await store.remove(['a', 'b']);
    expect(await store.text('a')).toBeUndefined();
    expect(await keysOf(store, '')).toEqual([]);
  });
});
