import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine, refuseOtherThanLinux } from '../machine';
import { shuffled } from '../shuffled';
import { makeCertificate } from '../tls';
import { verdictsOn } from './bounds';
import type { BenchCase } from './cases';
import { type BenchOptions, readOptions } from './options';
import { makePictures, mixPictures } from './pictures';
import { type CaseResult, type Report, resultOf, toTables } from './report';
import { type Figures, type RunningSubject, type RunOptions, startSubject } from './run';
import { type Subject, type SubjectName, setUp } from './subjects';

/** Fewer files are less than a batch of SQS and say nothing. */
const LEAST_FILES = 10;
/** The plain loop does one photo at a time: it is as steady with a part of the files. */
const PLAIN_LOOP_SHARE = 1 / 8;

/** Fails, besides on errors, when the worker misses a bound. */
async function main(): Promise<void> {
  refuseOtherThanLinux();
  const options = readOptions(process.argv.slice(2));
  const folder = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  try {
    const report = await run(options, folder);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : toTables(report));
    if (report.verdicts.some(({ isMet }) => !isMet)) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(options: BenchOptions, folder: string): Promise<Report> {
  const { subjects, leftOut } = await setUp(options.subjects, say);
  const pictures = join(folder, 'pictures');
  await mkdir(pictures);
  await makePictures(pictures, options.photos);
  const tls = options.tls ? { tls: await makeCertificate(folder) } : {};
  const cases: CaseResult[] = [];
  const { rounds } = options;
  for (const one of options.cases) {
    const place = join(folder, one.name);
    await mixPictures(pictures, one.pictures, place);
    const files = Math.max(LEAST_FILES, Math.round((one.files * options.percent) / 100));
    cases.push(await runCase(one, subjects, { folder: place, files, rounds, ...tls }));
  }
  const verdicts = cases.flatMap((result) => verdictsOn(result));
  return { machine: describeMachine(), rounds, tls: options.tls, leftOut, cases, verdicts };
}

/** In each round one subject after the other, so that they share what else the machine does. */
async function runCase(
  one: BenchCase,
  subjects: readonly Subject[],
  options: RunOptions,
): Promise<CaseResult> {
  const all: Map<SubjectName, Figures>[] = [];
  const lanes = subjects.map((subject) => new Lane(subject, one, options));
  try {
    for (let round = 1; round <= options.rounds; round++) {
      const figures = new Map<SubjectName, Figures>();
      for (const lane of shuffled(lanes)) {
        say(`${one.title}, round ${round} of ${options.rounds}: ${lane.subject.title}`);
        figures.set(lane.subject.name, await lane.round());
      }
      all.push(figures);
    }
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
  return resultOf(one, subjects, all);
}

/** A subject that stays for all rounds of a case. */
class Lane {
  private running: RunningSubject | undefined;
  private readonly options: RunOptions;

  constructor(
    readonly subject: Subject,
    private readonly one: BenchCase,
    options: RunOptions,
  ) {
    this.options = { ...options, files: filesFor(subject, options) };
  }

  /** Starts a peer once more when it fails: govips crashes about once in a hundred runs. */
  async round(): Promise<Figures> {
    try {
      return await this.measure();
    } catch (error) {
      const { name, title } = this.subject;
      if (name === 'worker' || name === 'sharp') throw error;
      say(`${title} runs once more, since it failed: ${String(error)}`);
      await this.close();
      return this.measure();
    }
  }

  async close(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await running?.close();
  }

  private async measure(): Promise<Figures> {
    this.running ??= await startSubject(this.subject, this.one, this.options);
    return this.running.round();
  }
}

function filesFor({ name }: Subject, { files }: RunOptions): number {
  return name === 'plain-loop'
    ? Math.max(LEAST_FILES, Math.round(files * PLAIN_LOOP_SHARE))
    : files;
}

/** To standard error, so that what is printed in the end can be piped. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
