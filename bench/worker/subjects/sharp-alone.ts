import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { RENDITION, type Stage } from '../stage';

/** The share of the files that each number of pictures at a time is tried on before the measurement. */
const TRIAL_SHARE = 1 / 8;

/**
 * Finds how many pictures at a time this machine renders fastest, one libvips thread each.
 * @returns The number at a time, which `runSharpAlone` takes.
 */
export async function tuneSharpAlone({ photos, files }: Stage): Promise<number> {
  sharp.concurrency(1);
  const cores = availableParallelism();
  const trials: { atATime: number; milliseconds: number }[] = [];
  for (const atATime of new Set([cores, cores + 1, cores * 2, cores * 4])) {
    const start = performance.now();
    await renderAll(photos, Math.ceil(files * TRIAL_SHARE), atATime);
    trials.push({ atATime, milliseconds: performance.now() - start });
  }
  trials.sort((one, other) => one.milliseconds - other.milliseconds);
  return trials[0]?.atATime ?? cores;
}

/** Renders the photos from memory and drops the results: the ceiling for anything that uses sharp on these cores. */
export async function runSharpAlone({ photos, files }: Stage, atATime: number): Promise<void> {
  await renderAll(photos, files, atATime);
}

async function renderAll(photos: readonly Buffer[], files: number, atATime: number): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < files) await render(photos[next++ % photos.length]);
  };
  await Promise.all(Array.from({ length: atATime }, lane));
}

function render(photo: Buffer | undefined): Promise<Buffer> {
  return sharp(photo)
    .autoOrient()
    .resize({ width: RENDITION.width, height: RENDITION.height, fit: 'inside', withoutEnlargement: true })
    .toBuffer();
}
