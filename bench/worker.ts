import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { reserveThreads } from '../application-code/worker/src/environment';
import type { Order } from './worker/child';
import type { Figures } from './worker/measure';
import { type BenchOptions, readOptions } from './worker/options';
import { makePhotos, readPhotos } from './worker/photos';
import { filesPerSecond, type Machine, type Report, toTable } from './worker/report';
import { workerEnvironment } from './worker/subjects/worker';

/** The plain loop is an order of magnitude slower and as steady: it gets a part of the files. */
const PLAIN_LOOP_SHARE = 1 / 8;
const PLAIN_LOOP_LEAST_FILES = 10;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const made = options.photos === undefined ? await mkdtemp(join(tmpdir(), 'spillway-bench-')) : undefined;
  try {
    if (made) await makePhotos(made);
    const report = await run(options, made ?? options.photos ?? '');
    console.log(options.json ? JSON.stringify(report, undefined, 2) : toTable(report));
  } finally {
    if (made) await rm(made, { recursive: true, force: true });
  }
}

/** One subject after the other, each in a process of its own, so that heaps and peaks do not mix. */
async function run({ files, roundTripMilliseconds }: BenchOptions, folder: string): Promise<Report> {
  const photos = await readPhotos(folder);
  const plainFiles = Math.max(PLAIN_LOOP_LEAST_FILES, Math.round(files * PLAIN_LOOP_SHARE));
  const shared = { folder, files, roundTripMilliseconds };
  const plainLoop = await inChild({ ...shared, subject: 'plain-loop', files: plainFiles });
  const worker = await inChild({ ...shared, subject: 'worker' });
  const sharpAlone = await inChild({ ...shared, subject: 'sharp-alone' });
  return {
    machine: describeMachine(),
    roundTripMilliseconds,
    photos: {
      distinct: photos.length,
      meanBytes: photos.reduce((sum, { length }) => sum + length, 0) / photos.length,
    },
    figures: [plainLoop, worker, sharpAlone],
    workerToPlainLoop: filesPerSecond(worker) / filesPerSecond(plainLoop),
    workerToSharpAlone: filesPerSecond(worker) / filesPerSecond(sharpAlone),
  };
}

function inChild(order: Order): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'worker/child.ts'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: variablesFor(order.subject),
    });
    child.once('message', (figures: Figures) => resolve(figures));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(
        new Error(`the ${order.subject} process ended with ${signal ?? code} before it gave its figures`),
      ),
    );
    child.send(order);
  });
}

/** The worker sizes libuv's pool before its first use; in a child that has loaded this benchmark that would be too late. */
function variablesFor(subject: Order['subject']): NodeJS.ProcessEnv {
  const variables = { ...process.env };
  if (subject === 'worker') reserveThreads(workerEnvironment().maxRenders, variables);
  return variables;
}

function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: `${process.arch}, ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.versions.node,
    sharp: sharp.versions.sharp ?? 'unknown',
    libvips: sharp.versions.vips,
  };
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
