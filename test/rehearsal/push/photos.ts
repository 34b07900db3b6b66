import { setTimeout as delay } from 'node:timers/promises';
import type { S3 } from '@aws-sdk/client-s3';
import type { Pipeline } from '../../../local/ports';
import { cameraJpeg } from '../../e2e/photos';

const SIZE = { width: 640, height: 480 };
const AT_A_TIME = 20;

/** `backlog/0.jpg` to `backlog/<count - 1>.jpg`. */
export function numbered(folder: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${folder}/${index}.jpg`);
}

/** Puts one photo under each path below the source prefix. @returns their keys. */
export async function putPhotos(
  s3: S3,
  { sourceBucket: Bucket, sourcePrefix }: Pipeline,
  paths: readonly string[],
): Promise<readonly string[]> {
  const Body = await cameraJpeg(SIZE.width, SIZE.height, 1);
  const keys = paths.map((path) => `${sourcePrefix}${path}`);
  for (let from = 0; from < keys.length; from += AT_A_TIME) {
    const batch = keys.slice(from, from + AT_A_TIME);
    await Promise.all(batch.map((Key) => s3.putObject({ Bucket, Key, Body })));
  }
  return keys;
}

/** Coarseness of the rendition of every path, of which there must be one. */
export async function coarsenesses(
  s3: S3,
  { destinationBucket: Bucket, destinationPrefix }: Pipeline,
  paths: readonly string[],
): Promise<readonly number[]> {
  return Promise.all(
    paths.map(async (path) => {
      const { Body } = await s3.getObject({ Bucket, Key: `${destinationPrefix}224x224/${path}` });
      return coarsenessOf(Buffer.from((await Body?.transformToByteArray()) ?? []));
    }),
  );
}

/** Uploads a photo every now and then, so that a task that runs does not end without work. */
export function keepBusy(put: (paths: readonly string[]) => Promise<unknown>) {
  const paths: string[] = [];
  let isOver = false;
  const work = (async () => {
    while (!isOver) {
      const path = `during/${paths.length}.jpg`;
      await put([path]);
      paths.push(path);
      await delay(1_000);
    }
    return paths;
  })();
  return {
    stop: () => {
      isOver = true;
      return work;
    },
  };
}

/** Marker of a JPEG's quantisation tables. */
const TABLES = Buffer.from([0xff, 0xdb]);
/** From the marker to the table's first number: two bytes of length, one with its name. */
const FIRST_NUMBER = 5;

/** How coarsely a JPEG is quantised: 6 at libjpeg's quality 80, 40 at 20. */
function coarsenessOf(jpeg: Buffer): number {
  const at = jpeg.indexOf(TABLES);
  const coarseness = jpeg[at + FIRST_NUMBER];
  if (at < 0 || coarseness === undefined) throw new Error('This is no JPEG.');
  return coarseness;
}
