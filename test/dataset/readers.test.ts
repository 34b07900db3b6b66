import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetFile } from '../../dataset/dataset-file';
import { parseSplits } from '../../dataset/plan/splits';
import { HOSTILE_PATHS } from './hostile-names';
import { type MadePicture, MODIFIED_AT, makeDataset, pictureOf } from './make-dataset';
import { readersPython, readWith, type SeenSample } from './readers';

const SAMPLES_PER_SHARD = 8;
const found = readersPython();
const reading = 'python' in found ? describe : describe.skip;
const skipped = 'missing' in found ? ` (skipped: ${found.missing})` : '';
const python = 'python' in found ? found.python : '';

/** A row of the index, as far as it is looked at. */
interface IndexRow {
  readonly key: string;
  readonly sample: string;
  readonly shard: string;
  readonly split: string;
  readonly label: string | null;
  readonly class: number | null;
  readonly offset: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly files: string;
}

reading(`a finished dataset of sources with hostile names${skipped}`, () => {
  let folder: string;
  let dataset: DatasetFile;
  let shards: readonly string[];
  let pictures: ReadonlyMap<string, MadePicture>;
  let rows: readonly IndexRow[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway dataset-'));
    const made = await Promise.all(
      HOSTILE_PATHS.map(([, path], at) => pictureOf(path, '#804020', [8 + (at % 5), 8 + (at % 7)])),
    );
    pictures = new Map(made.map((picture) => [picture.path, picture]));
    dataset = await makeDataset(folder, [made.slice(0, 20), made.slice(20)], {
      ...{ samplesPerShard: SAMPLES_PER_SHARD, seed: '1' },
      splits: parseSplits('train=0.75,test=0.25'),
    });
    shards = dataset.shards.map(({ key }) => join(folder, key));
    const indexes = dataset.indexes.map(({ key }) => join(folder, key));
    rows = (await readWith(python, 'pyarrow', indexes)).rows as unknown as readonly IndexRow[];
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true }));

  test('has every source once in the index that PyArrow reads, with its label', () => {
    expect(rows.map(({ key }) => key).sort()).toEqual([...pictures.keys()].sort());
    for (const row of rows) {
      expect(row.class).toBe(row.label === null ? null : dataset.classes[row.label]);
      expect([row.width, row.height]).toEqual(pictures.get(row.key)?.size);
    }
    expect(Object.keys(dataset.classes)).toContain('Kätzchen');
  });

  test('has even shards: only the last of a split has fewer samples', () => {
    const ofSplit = (name: string) => dataset.shards.filter(({ split }) => split === name);
    for (const split of ['train', 'test']) {
      const counts = ofSplit(split).map(({ samples }) => samples);
      expect(counts.slice(0, -1)).toEqual(counts.slice(0, -1).map(() => SAMPLES_PER_SHARD));
      expect(rows.filter((row) => row.split === split)).toHaveLength(
        counts.reduce((sum, count) => sum + count, 0),
      );
    }
  });

  test('is read by webdataset: samples, files and classes as the index has them', async () => {
    const seen = await readWith(python, 'webdataset', shards);
    expect(seen.map(essence)).toEqual(rows.map(essenceOf));
    for (const [at, { files, shard }] of seen.entries()) {
      const row = rows[at];
      const named = JSON.parse(row?.files ?? '[]') as { extension: string; sha256: string }[];
      expect(shard.endsWith(row?.shard ?? '-')).toBe(true);
      expect(Object.entries(files).map(([extension, { sha256 }]) => [extension, sha256])).toEqual(
        named.map(({ extension, sha256 }) => [extension, sha256]),
      );
    }
  });

  test("is read by Hugging Face's datasets: samples and classes as in the index", async () => {
    const seen = await readWith(python, 'datasets', shards);
    expect(seen.map(essence)).toEqual(rows.map(essenceOf));
  }, 60_000);

  test('has each sample where the index says, as a small tar of its own', async () => {
    const ranges = rows.map(({ shard, offset, length }) => {
      const path = shards.find((one) => one.endsWith(shard));
      return `${offset}+${length}:${path}`;
    });
    const seen = await readWith(python, 'tarfile', ranges);
    const names = rows.flatMap(({ sample, files }) =>
      (JSON.parse(files) as { extension: string }[]).map(
        ({ extension }) => `${sample}.${extension}`,
      ),
    );
    expect(seen.map(({ name }) => name)).toEqual(names);
    const plain = { mode: 0o644, uid: 0, gid: 0, mtime: MODIFIED_AT.getTime() / 1000 };
    for (const entry of seen) expect(entry).toMatchObject({ ...plain, isFile: true });
  });

  function essenceOf({ key, sample, class: number }: IndexRow) {
    return { key, sample, size: pictures.get(key)?.size, number };
  }
});

function essence({ key: sample, pictures, json, cls: number }: SeenSample) {
  return { key: json.key, sample, size: pictures.jpg, number };
}
