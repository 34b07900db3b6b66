import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { verifyDataset } from '../../dataset/verify';
import { DatasetUnderTest } from '../../test/fakes/dataset/dataset-under-test';
import type { SampleOfSource } from '../files/ledger';
import { type OutFolder, openOutFolder } from '../files/out-folder';
import { finishRun } from './finish-run';
import { openWork } from './finished-dataset';
import { FolderStore } from './folder-store';
import { PartCollector } from './part-collector';

const NAMES = ['große Hunde. 2/a b.v1.jpg', 'cats/1.jpg', 'cats/2.jpg', 'cats/3.jpg', 'top.jpg'];
const labelOf = (name: string) => (name.includes('/') ? { label: name.split('/')[0] ?? '' } : {});
const sources = (names: readonly string[]) =>
  names.map((name) => ({ key: `ecsproc/${name}`, body: `picture of ${name}`, ...labelOf(name) }));

let folder: string;
let out: OutFolder;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'finish-run-'));
  out = await openOutFolder(join(folder, 'out'), { isExplicit: true });
});

afterEach(async () => {
  await out.close();
  await rm(folder, { recursive: true });
});

/** A run that fetches the parts of a world, and finishes. */
async function collected(world: DatasetUnderTest, keep = false) {
  const work = await openWork(out);
  const seen = new Map<string, SampleOfSource>();
  const bucket = {
    list: async (prefix: string) => world.destination.keys(prefix),
    async get(key: string) {
      const { body, bytes } = world.destination.get(key) ?? { body: Buffer.alloc(0), bytes: 0 };
      return { body: Readable.from([body]), bytes };
    },
    async remove(key: string) {
      world.destination.delete(key);
    },
  };
  const collector = new PartCollector({
    ...{ bucket, destinationPrefix: world.prefix, store: work, keep },
    onSource: async (key, sample) => void seen.set(key, sample),
  });
  const finish = () =>
    finishRun({
      ...{ work, out, sources: collector.sources, samplesPerShard: 2, now: () => 0 },
      pipeline: { sourceBucket: 'sources', sourcePrefix: 'ecsproc/' },
    });
  return { collector, seen, finish };
}

describe('a run that makes a dataset', () => {
  test('lays even shards, index and dataset.json flat into its folder', async () => {
    const world = new DatasetUnderTest('processed/');
    world.addPart(sources(NAMES.slice(0, 2)));
    world.addPart(sources(NAMES.slice(2)));
    const { collector, finish } = await collected(world);
    await collector.look();
    const finished = await finish();
    expect(finished?.problems).toEqual([]);
    expect(finished?.file.shards.map(({ key, samples }) => [key, samples])).toEqual([
      ['dataset-000000.tar', 2],
      ['dataset-000001.tar', 2],
      ['dataset-000002.tar', 1],
    ]);
    expect((await readdir(out.folder)).sort()).toEqual([
      ...['.spillway', 'dataset-000000.tar', 'dataset-000001.tar', 'dataset-000002.tar'],
      ...['dataset.json', 'index.parquet'],
    ]);
    expect([...(finished?.keys ?? [])].sort()).toEqual(
      NAMES.map((name) => `ecsproc/${name}`).sort(),
    );
    expect(finished?.file.counts).toMatchObject({ deleted: 0, lacking: 0, withoutLabel: 1 });
  });

  test('is verified where it lies: a changed byte is a problem', async () => {
    const world = new DatasetUnderTest('processed/');
    world.addPart(sources(NAMES));
    const { collector, finish } = await collected(world);
    await collector.look();
    await finish();
    const store = new FolderStore(out.folder);
    expect((await verifyDataset({ store }, { prefix: '' })).problems).toEqual([]);
    const shard = Buffer.from(await store.range('dataset-000001.tar', 0, 4_096));
    await store.remove(['dataset-000001.tar']);
    await store.create('dataset-000001.tar', Readable.from([shard.fill('x', 512, 513)]));
    expect((await verifyDataset({ store }, { prefix: '' })).problems).not.toEqual([]);
  });

  test('shows some samples of each class, as they lie in the shards', async () => {
    const world = new DatasetUnderTest('processed/');
    world.addPart(sources(NAMES));
    const { collector, finish } = await collected(world);
    await collector.look();
    const sheet = (await finish())?.sheet ?? [];
    expect(sheet.map(({ label, samples, pictures }) => [label, samples, pictures.length])).toEqual([
      [undefined, 1, 1],
      ['cats', 3, 3],
      ['große Hunde. 2', 1, 1],
    ]);
    const [picture] = sheet[2]?.pictures ?? [];
    expect(picture).toMatchObject({ key: `ecsproc/${NAMES[0]}`, type: 'image/jpeg' });
    expect(Buffer.from(picture?.base64 ?? '', 'base64').toString()).toBe(
      `picture of ${NAMES[0]}`.toUpperCase(),
    );
  });

  test('fetches each part once, and leaves none on the emulator', async () => {
    const world = new DatasetUnderTest('processed/');
    world.addPart(sources(NAMES.slice(0, 1)));
    const { collector, seen } = await collected(world);
    expect([await collector.look(), await collector.look()]).toEqual([1, 0]);
    world.addPart([{ key: 'ecsproc/small.jpg', body: 's', leftOut: 'too small' }]);
    expect(await collector.look()).toBe(1);
    expect(world.destination.keys('processed/')).toEqual([]);
    expect([...seen]).toEqual([
      [`ecsproc/${NAMES[0]}`, { kind: 'sample', bytes: expect.any(Number) }],
      ['ecsproc/small.jpg', { kind: 'left-out', because: 'too small' }],
    ]);
  });

  test('leaves the parts on an emulator that is kept, and fetches none twice', async () => {
    const world = new DatasetUnderTest('processed/');
    world.addPart(sources(NAMES));
    const { collector } = await collected(world, true);
    expect([await collector.look(), await collector.look()]).toEqual([1, 0]);
    expect(world.destination.keys('processed/')).toHaveLength(2);
  });

  test('takes no tar without its index: no task has committed it', async () => {
    const world = new DatasetUnderTest('processed/');
    const index = world.addPart(sources(NAMES));
    world.destination.delete(index);
    const { collector, finish } = await collected(world);
    expect(await collector.look()).toBe(0);
    expect(await finish()).toBeUndefined();
  });
});
