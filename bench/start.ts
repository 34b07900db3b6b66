import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './median';
import { startProgram } from './queue-run';
import { type BenchCase, CASES } from './worker/cases';
import { makePictures } from './worker/pictures';
import { type Subject, setUp } from './worker/subjects';

const DEFAULT_ROUNDS = '9';
/** A batch of SQS. */
const FILES = 10;
/** Most times that of plain Node, without a round trip: 110 and 220 ms where Node takes 45. */
const MOST = { firstReceive: 2.44, firstRendition: 4.89 };

/**
 * Times the start of the built worker, as its image starts it, on the fake AWS of `bench:worker`:
 * from the start of the process to the first receive, and to the first rendition that arrives. Nine
 * messages more than the first wait in the queue. A process of Node that does nothing is timed in
 * turn with it. A missed bound makes the exit code 1.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: DEFAULT_ROUNDS },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'spillway-start-'));
  try {
    const starts = await timeStarts(folder, roundsOf(values.rounds));
    console.log(values.json ? JSON.stringify(starts, undefined, 2) : toTable(starts));
    for (const sentence of missedBy(starts)) {
      console.error(sentence);
      process.exitCode = 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function roundsOf(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new Error(`--rounds must be a whole number from 1 to 99, but ${text} was given.`);
}

/** Medians in milliseconds. */
interface Start {
  readonly roundTripMilliseconds: number;
  readonly plainNode: number;
  readonly firstReceive: number;
  readonly firstRendition: number;
}

async function timeStarts(folder: string, rounds: number): Promise<Start[]> {
  const { subjects, leftOut } = await setUp(['worker'], console.error);
  for (const sentence of leftOut) console.error(sentence);
  const [worker] = subjects;
  if (!worker) throw new Error('The worker could not be set up.');
  const pictures = join(folder, 'pictures');
  await mkdir(pictures);
  await makePictures(pictures);
  const starts: Start[] = [];
  for (const one of CASES.filter(({ name }) => name === 'photos' || name === 'photos-near')) {
    const times: [plainNode: number, firstReceive: number, firstRendition: number][] = [];
    for (let round = 0; round < rounds; round++) {
      const plainNode = timePlainNode();
      times.push([plainNode, ...(await timeWorker(worker, one, join(pictures, 'photo')))]);
    }
    const [plainNode, firstReceive, firstRendition] = [0, 1, 2].map((at) =>
      median(times.map((row) => row[at] ?? Number.NaN)),
    );
    starts.push({
      roundTripMilliseconds: one.roundTripMilliseconds,
      plainNode,
      firstReceive,
      firstRendition,
    } as Start);
  }
  return starts;
}

async function timeWorker(
  worker: Subject,
  { recipe, roundTripMilliseconds }: BenchCase,
  folder: string,
): Promise<[firstReceive: number, firstRendition: number]> {
  const variables = { ...worker.variables, RECIPE: JSON.stringify(recipe) };
  const work = { folder, warmUp: FILES, files: 0, outputsPerFile: 1, roundTripMilliseconds };
  const { startedAt, warmUp, close } = await startProgram({ ...worker, variables }, work);
  await close();
  return [warmUp.firstReceiveAt - startedAt, warmUp.firstWriteAt - startedAt];
}

function missedBy(starts: readonly Start[]): string[] {
  const near = starts.filter(({ roundTripMilliseconds }) => roundTripMilliseconds === 0);
  return near.flatMap((start) =>
    (['firstReceive', 'firstRendition'] as const).flatMap((name) => {
      const ratio = start[name] / start.plainNode;
      if (ratio <= MOST[name]) return [];
      return [`MISSED  ${name} to plain Node ${ratio.toFixed(2)}, at most ${MOST[name]}`];
    }),
  );
}

function timePlainNode(): number {
  const begin = performance.now();
  execFileSync(process.execPath, ['-e', '0']);
  return performance.now() - begin;
}

function toTable(starts: readonly Start[]): string {
  const lines = starts.map(({ roundTripMilliseconds, plainNode, firstReceive, firstRendition }) => {
    const figure = (value: number) =>
      `${value.toFixed(0)} ms (${(value / plainNode).toFixed(1)})`.padStart(17);
    const figures = [plainNode, firstReceive, firstRendition].map(figure);
    return [`${roundTripMilliseconds} ms`.padStart(10), ...figures].join('');
  });
  return [
    'round trip       plain Node    first receive  first rendition   (ratio to plain Node)',
    ...lines,
  ].join('\n');
}

void main();
