import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { list } from 'tar';
import { costOf, isGone } from '../process-cost';
import { baseVariables, drainQueue, end, openFakeAws, pidOf } from '../queue-run';
import { SOURCE_BUCKET, sourceKey } from '../upload-events';
import type { BenchCase } from '../worker/cases';
import { startSubject } from '../worker/run';
import type { Subject as QueueSubject } from '../worker/subjects';
import type { Program, Source, Subject } from './subjects';

/** How often the memory of a script and its processes is looked at. */
const LOOK_MILLISECONDS = 100;

/** What one subject took for all pictures. */
export interface Figures {
  readonly samples: number;
  readonly seconds: number;
  readonly cpuMilliseconds: number;
  readonly peakRssMiB: number;
}

export interface RunOptions {
  /** The pictures that differ. */
  readonly distinct: string;
  /** As many links to them as there are samples. */
  readonly pictures: string;
  readonly samples: number;
  readonly shardSamples: number;
  /** For what a script writes. */
  readonly scratch: string;
}

/** One rendition, and S3 and SQS with a round trip as within a region. */
export const CASE: BenchCase = {
  name: 'dataset',
  title: '0.4-megapixel JPEGs to 224 × 224 in tars',
  pictures: ['web'],
  recipe: [{ name: '224x224', width: 224, height: 224, fit: 'cover', withoutEnlargement: true }],
  files: 5_000,
  roundTripMilliseconds: 25,
};

/** Runs one subject in a process of its own. */
export function run({ title, way }: Subject, options: RunOptions): Promise<Figures> {
  switch (way.kind) {
    case 'memory':
      return runAlone(way.subject, options);
    case 'queue':
      return runWorker(way.subject, options);
    case 'script':
      return runScript(way, title, options);
  }
}

async function runAlone(subject: QueueSubject, { distinct, samples }: RunOptions) {
  const running = await startSubject(subject, CASE, {
    folder: distinct,
    files: samples,
    rounds: 1,
  });
  try {
    return { ...(await running.round()), samples };
  } finally {
    await running.close();
  }
}

/** The part of the warm-up is closed when the measurement begins, as is the last at its end. */
async function runWorker(
  subject: QueueSubject,
  { distinct, samples, shardSamples }: RunOptions,
): Promise<Figures> {
  const variables = {
    ...subject.variables,
    RECIPE: JSON.stringify(CASE.recipe),
    DESTINATION_KIND: 'shards',
    SHARD_SAMPLES: String(shardSamples),
    SHARD_MEBIBYTES: '256',
    SHARD_SECONDS: '300',
    SHARD_LABEL: 'none',
  };
  const { measured, before, after } = await drainQueue(
    { ...subject, variables },
    {
      folder: distinct,
      warmUp: shardSamples,
      files: samples,
      outputsPerFile: 1,
      roundTripMilliseconds: CASE.roundTripMilliseconds,
    },
  );
  if ((measured.requests.PUT ?? 0) >= samples)
    throw new Error(
      'The worker wrote an object for each sample: it has no shards. Build it again.',
    );
  return {
    samples,
    seconds: measured.seconds,
    cpuMilliseconds: after.cpuMilliseconds - before.cpuMilliseconds,
    peakRssMiB: after.peakRssMiB,
  };
}

type Script = Extract<Subject['way'], { readonly kind: 'script' }>;

/** @throws Error when it ends badly, or its tars have not all samples. */
async function runScript({ program, source }: Script, title: string, options: RunOptions) {
  const { addresses, close } = await serve(source, options);
  try {
    return await runProgram(program, title, { ...options, addresses });
  } finally {
    await close();
  }
}

async function runProgram(
  { command, args, variables }: Program,
  title: string,
  options: RunOptions & { readonly addresses: readonly string[] },
): Promise<Figures> {
  const { pictures, samples, shardSamples, scratch, addresses } = options;
  const shards = await mkdtemp(join(scratch, 'shards-'));
  const list = `${shards}.txt`;
  await writeFile(list, addresses.map((address) => `${address}\n`).join(''));
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...baseVariables(),
      ...variables,
      RECIPE: JSON.stringify(CASE.recipe),
      PICTURES: pictures,
      ADDRESSES: list,
      SHARDS: shards,
      SHARD_SAMPLES: String(shardSamples),
    },
  });
  const peak = watchPeak(pidOf(child));
  try {
    let lastLine = '';
    for await (const line of createInterface(child.stdout)) lastLine = line;
    const written = await samplesIn(shards);
    if (written !== samples)
      throw new Error(`${title}: of ${samples} samples ${written} are in its tars: ${lastLine}`);
    const told = JSON.parse(lastLine) as Pick<Figures, 'seconds' | 'cpuMilliseconds'>;
    return { ...told, samples, peakRssMiB: peak.mebibytes() };
  } finally {
    peak.stop();
    await end(child);
    await rm(shards, { recursive: true });
  }
}

/** The address of each picture: of its file, or of the object in the worker's fake of S3. */
async function serve(source: Source, { distinct, pictures, samples }: RunOptions) {
  if (source === 'files') {
    const names = (await readdir(pictures)).sort();
    const addresses = names.map((name) => pathToFileURL(join(pictures, name)).href);
    return { addresses, close: async () => undefined };
  }
  const { roundTripMilliseconds } = CASE;
  const work = { folder: distinct, warmUp: 0, files: samples, roundTripMilliseconds };
  const { port, close } = await openFakeAws(work);
  const addresses = Array.from(
    { length: samples },
    (_, index) => `http://127.0.0.1:${port}/${SOURCE_BUCKET}/${sourceKey(index, '.jpg')}`,
  );
  return { addresses, close };
}

/** The most that a process and its children took together, from now on. */
function watchPeak(pid: number) {
  let mebibytes = 0;
  const look = () => {
    try {
      mebibytes = Math.max(mebibytes, costOf(pid).peakRssMiB);
    } catch (error) {
      // A child may end while it is looked at.
      if (!isGone(error)) throw error;
    }
  };
  const looks = setInterval(look, LOOK_MILLISECONDS);
  return { mebibytes: () => mebibytes, stop: () => clearInterval(looks) };
}

async function samplesIn(folder: string): Promise<number> {
  let count = 0;
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.tar'))) {
    const onReadEntry = ({ path }: { path: string }) => {
      if (path.endsWith('.jpg')) count += 1;
    };
    await list({ file: join(folder, name), onReadEntry });
  }
  return count;
}
