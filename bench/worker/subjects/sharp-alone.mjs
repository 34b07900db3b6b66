import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { renderAll } from './job.mjs';

/**
 * The renditions from memory, without S3, SQS or a queue, two pictures at a time for each CPU: the
 * limit of whatever uses sharp on these cores. Told a number of files, it renders as many and
 * answers with the seconds.
 */
sharp.concurrency(1);
sharp.cache(false);
const folder = process.env.PICTURES;
const pictures = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(join(folder, name)));

process.on('message', async ({ files }) => {
  const start = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < files) await renderAll(pictures[next++ % pictures.length]);
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, lane));
  process.send({ seconds: (performance.now() - start) / 1000 });
});
process.send({ ready: true });
