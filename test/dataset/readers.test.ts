import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOSTILE_PATHS } from './hostile-names';
import { readersPython, readWith, type SeenSample } from './readers';
import { MODIFIED_AT, pictureSample, sha256, type WrittenSample, writeShard } from './write-shard';

const found = readersPython();
const reading = 'python' in found ? describe : describe.skip;
const skipped = 'missing' in found ? ` (skipped: ${found.missing})` : '';
const python = 'python' in found ? found.python : '';

reading(`shards whose sources have hostile names${skipped}`, () => {
  let folder: string;
  let shards: readonly string[];
  let written: readonly WrittenSample[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway dataset-'));
    written = await Promise.all(HOSTILE_PATHS.map(([, path], at) => pictureSample(path, at)));
    shards = [0, 1].map((at) => join(folder, `dataset-00000${at}.tar`));
    const half = Math.ceil(written.length / 2);
    await writeShard(shards[0] ?? '', written.slice(0, half));
    await writeShard(shards[1] ?? '', written.slice(half));
  });

  afterAll(() => rm(folder, { recursive: true }));

  test('are read by webdataset: each sample once, in order, with its files', async () => {
    const seen = await readWith(python, 'webdataset', shards);
    expect(seen.map(essence)).toEqual(written.map(essenceOfWritten));
    expect(seen.map(({ files }) => files)).toEqual(
      written.map(({ files }) =>
        Object.fromEntries(
          Object.entries(files).map(([extension, body]) => [
            extension,
            { bytes: body.length, sha256: sha256(body) },
          ]),
        ),
      ),
    );
  });

  test("are read by Hugging Face's datasets: each sample once, in order", async () => {
    const seen = await readWith(python, 'datasets', shards);
    expect(seen.map(essence)).toEqual(written.map(essenceOfWritten));
  }, 60_000);

  test('have plain entries: files without an owner, with the time of their source', async () => {
    const seen = await readWith(python, 'tarfile', shards);
    expect(seen).toHaveLength(3 * written.length);
    const plain = { mode: 0o644, uid: 0, gid: 0, mtime: MODIFIED_AT.getTime() / 1000 };
    for (const entry of seen) expect(entry).toMatchObject({ ...plain, isFile: true });
  });
});

function essence({ key, pictures, json, cls }: SeenSample) {
  return { key, path: json.key, size: pictures.jpg, cls };
}

function essenceOfWritten({ key, path, size, files }: WrittenSample) {
  return { key, path, size, cls: Number(files.cls) };
}
