import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import sharp, { type Color } from 'sharp';
import { sampleKeyOf } from '../../application-code/worker/src/parts/sample-key';
import { END_OF_ARCHIVE, paddingOf, tarEntry } from '../../application-code/worker/src/parts/tar';

/** Whole seconds, as a tar keeps them. */
export const MODIFIED_AT = new Date('2026-01-02T03:04:05Z');

/** A sample as it was written. */
export interface WrittenSample {
  readonly path: string;
  readonly key: string;
  readonly files: Readonly<Record<string, Buffer>>;
  /** Width and height of its picture. */
  readonly size: readonly [width: number, height: number];
}

interface Picture {
  readonly size: WrittenSample['size'];
  readonly background: Color | undefined;
}

/** A sample with a small picture; those of one number have the same content. */
export async function pictureSample(
  path: string,
  number: number,
  {
    size = [8 + (number % 5), 8 + (number % 7)],
    background = { r: number % 256, g: 128, b: 64 },
  }: Partial<Picture> = {},
): Promise<WrittenSample> {
  const [width, height] = size;
  const picture = await sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
  const json = Buffer.from(JSON.stringify({ key: path, number }));
  const files = { jpg: picture, json, cls: Buffer.from(String(number % 3)) };
  return { path, key: sampleKeyOf(path), files, size };
}

/** Writes samples as the worker lays them into a part. */
export async function writeShard(file: string, samples: readonly WrittenSample[]): Promise<void> {
  const records = samples.flatMap(({ key, files }) =>
    Object.entries(files).flatMap(([extension, body]) => [
      tarEntry({ name: `${key}.${extension}`, bytes: body.length, modifiedAt: MODIFIED_AT }),
      body,
      paddingOf(body.length),
    ]),
  );
  await writeFile(file, Buffer.concat([...records, END_OF_ARCHIVE]));
}

export function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
