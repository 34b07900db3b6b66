import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp, { type Color } from 'sharp';
import type { OutputObjects } from '../../application-code/worker/src/job/ports';
import { labelByFolder } from '../../application-code/worker/src/parts/label';
import { Part } from '../../application-code/worker/src/parts/part';
import { partName } from '../../application-code/worker/src/parts/part-keys';
import { writePart } from '../../application-code/worker/src/parts/part-writer';
import { sampleOf } from '../../application-code/worker/src/parts/sample-records';
import type { DatasetFile } from '../../dataset/dataset-file';
import { finishDataset } from '../../dataset/finish';
import type { FinishOptions } from '../../dataset/generation';
import { FakeBucket } from '../fakes/bucket';
import { FakeStore } from '../fakes/dataset/fake-store';
import { MemorySpool } from '../fakes/dataset/rows';
import { FakePartFiles } from '../fakes/worker/fake-parts';

/** Of every source, in whole seconds, as a tar keeps them. */
export const MODIFIED_AT = new Date('2026-01-02T03:04:05Z');

/** A source whose folder is its label, and what the workload made of it. */
export interface MadePicture {
  readonly path: string;
  readonly picture: Buffer;
  readonly size: readonly [width: number, height: number];
}

/** A JPEG of one colour. */
export async function pictureOf(
  path: string,
  background: Color,
  size: MadePicture['size'],
): Promise<MadePicture> {
  const [width, height] = size;
  const create = { width, height, channels: 3, background } as const;
  return { path, size, picture: await sharp({ create }).jpeg().toBuffer() };
}

/** Has the worker's code write parts, the finish make a dataset of them, and a folder have it. */
export async function makeDataset(
  folder: string,
  parts: readonly (readonly MadePicture[])[],
  options: Partial<FinishOptions> = {},
): Promise<DatasetFile> {
  const destination = new FakeBucket();
  for (const [at, pictures] of parts.entries()) await addPart(destination, at + 1, pictures);
  const { dataset } = await finishDataset(
    {
      store: new FakeStore(destination),
      sources: { list: () => listed(parts.flat()) },
      spool: new MemorySpool(),
    },
    {
      ...{ prefix: '', source: { bucket: 'photos', prefix: '' }, samplesPerShard: 10 },
      now: () => MODIFIED_AT.getTime(),
      ...options,
    },
  );
  for (const key of destination.keys().filter((one) => !one.startsWith('parts/'))) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), destination.get(key)?.body ?? '');
  }
  return dataset;
}

async function addPart(bucket: FakeBucket, number: number, pictures: readonly MadePicture[]) {
  const name = partName({ openedAt: MODIFIED_AT, worker: 'w', number });
  const part = new Part(name, new FakePartFiles(), { samples: 1e6, bytes: 2 ** 30 });
  for (const picture of pictures) await part.add(await recordsOf(picture));
  const written = await part.finish();
  if (!written) throw new Error('A part must have samples.');
  const recipe = { recipeHash: '0123456789ab', recipe: [], workload: 'images' };
  const place = { destination: outputsIn(bucket), destinationPrefix: '', recipe };
  await writePart(part, written, { ...place, signal: new AbortController().signal });
}

function recordsOf({ path, picture, size: [width, height] }: MadePicture) {
  const version = { eTag: eTagOf(picture), bytes: picture.length, lastModified: MODIFIED_AT };
  const entry = { kind: 'source', key: path } as const;
  const source = { entry, path, version, readAt: MODIFIED_AT, label: labelByFolder(path) };
  return sampleOf(source, [{ extension: 'jpg', body: picture }], { width, height });
}

function outputsIn(bucket: FakeBucket): OutputObjects {
  return {
    write: async ({ key, body }) => {
      if (!Buffer.isBuffer(body)) throw new Error(`${key} must be in memory.`);
      bucket.put(key, body);
    },
    probe: async () => undefined,
  };
}

async function* listed(pictures: readonly MadePicture[]) {
  const sources = pictures.map(({ path, picture }) => ({ key: path, eTag: eTagOf(picture) }));
  yield* sources.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

const eTagOf = (body: Buffer) => `"${createHash('md5').update(body).digest('hex')}"`;
