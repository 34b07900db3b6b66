import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './median';
import { CASES } from './worker/cases';
import { makePictures } from './worker/pictures';
import { runSubject } from './worker/run';
import { setUp } from './worker/subjects';

const DEFAULT_ROUNDS = '9';
/** A batch of SQS to start with, and one after it. */
const FILES = 10;

/**
 * Times the start of the built worker, as its image starts it, on the fake AWS of `bench:worker`:
 * from the start of the process to the first receive, and to the first rendition that arrives. Nine
 * messages more than the first wait in the queue. A process of Node that does nothing is timed in
 * turn with it.
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
      const { start } = await runSubject(worker, one, {
        folder: join(pictures, 'photo'),
        files: FILES,
      });
      times.push([
        plainNode,
        start?.receiveMilliseconds ?? Number.NaN,
        start?.writeMilliseconds ?? Number.NaN,
      ]);
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
