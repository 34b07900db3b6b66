import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCommand } from '../../test/emulator/build-workload';
import { refuseOtherThanLinux } from '../machine';
import { awsVariables, drainQueue, openFakeAws, type QueueWork } from '../queue-run';
import { runAlone } from './alone';
import { JOBS_AT_A_TIME, NOTHING, SUFFIX } from './nothing';
import { type Cost, startWorks } from './orders';
import { type Figures, PHASES, type Phase, type Round, reportOf, toText } from './report';

const RANGES = { jobs: { most: 5_000, fallback: '400' }, rounds: { most: 50, fallback: '3' } };
const WARM_UP_JOBS = 60;
const SOURCE_BYTES = 1_024;

/**
 * What the engine costs for a program that does nothing, and what each phase of a job takes; in the
 * same round plain Node spawns the same program. A missed bound makes the exit code 1.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      jobs: { type: 'string', default: RANGES.jobs.fallback },
      rounds: { type: 'string', default: RANGES.rounds.fallback },
      json: { type: 'boolean', default: false },
    },
  });
  refuseOtherThanLinux();
  const [jobs, rounds] = [numberOf('jobs', values.jobs), numberOf('rounds', values.rounds)];
  const folder = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  const { path: bundle, remove } = await buildCommand(NOTHING);
  try {
    const all: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.error(`round ${round} of ${rounds}`);
      all.push(await runRound(bundle, join(folder, `${round}`), jobs));
    }
    const report = reportOf(all, { jobs, atATime: JOBS_AT_A_TIME });
    console.log(values.json ? JSON.stringify(report, undefined, 2) : toText(report));
    if (!report.isMet) process.exitCode = 1;
  } finally {
    await remove();
    await rm(folder, { recursive: true, force: true });
  }
}

function numberOf(name: keyof typeof RANGES, text: string): number {
  const { most } = RANGES[name];
  if (/^[1-9]\d*$/.test(text) && Number(text) <= most) return Number(text);
  throw new Error(
    `--${name} must be a whole number from 1 to ${most}, but ${text} was given: npm run ` +
      'bench:command -- --jobs 400 --rounds 3',
  );
}

async function runRound(bundle: string, folder: string, jobs: number): Promise<Round> {
  const sources = join(folder, 'sources');
  await mkdir(sources, { recursive: true });
  await writeFile(join(sources, `source${SUFFIX}`), Buffer.alloc(SOURCE_BYTES, 's'));
  const work = { folder: sources, warmUp: WARM_UP_JOBS, files: jobs, roundTripMilliseconds: 0 };
  return {
    plain: await runPlain(join(folder, 'plain'), jobs),
    engine: await runEngine(bundle, { ...work, outputsPerFile: 1 }),
    phases: await runPhases(folder, work),
  };
}

async function runPlain(folder: string, count: number): Promise<Figures> {
  const plain = startWorks('plain-node.ts');
  try {
    await plain.do({ name: 'spawn', folder, count: WARM_UP_JOBS });
    return figuresOf(await plain.do({ name: 'spawn', folder, count }), count);
  } finally {
    await plain.close();
  }
}

/** The worker as it is, for a program that does nothing. */
async function runEngine(bundle: string, work: QueueWork): Promise<Figures> {
  const { measured, before, after } = await drainQueue(
    { title: 'engine', command: process.execPath, args: [bundle], variables: {} },
    work,
  );
  const cpuMilliseconds = after.cpuMilliseconds - before.cpuMilliseconds;
  return figuresOf({ seconds: measured.seconds, cpuMilliseconds }, work.files);
}

/** Each phase alone, on a queue of its own. */
async function runPhases(
  folder: string,
  work: Omit<QueueWork, 'outputsPerFile'>,
): Promise<Round['phases']> {
  const aws = await openFakeAws(work);
  const works = startWorks('phases.ts', awsVariables(aws.port));
  const phases: Partial<Record<Phase, Figures>> = {};
  try {
    for (const [at, count] of [work.warmUp, work.files].entries()) {
      const measure = async () => {
        for (const name of PHASES) {
          const own = join(folder, `${name}-${at}`);
          await mkdir(own);
          phases[name] = figuresOf(await works.do({ name, folder: own, count }), count);
        }
      };
      // The first of both to fail is told; alone, a queue that nothing drains would hide it.
      await Promise.all([aws.fill(0, count), measure()]);
    }
    return phases as Round['phases'];
  } finally {
    await works.close();
    await aws.close();
  }
}

function figuresOf({ seconds, cpuMilliseconds }: Cost, count: number): Figures {
  return { cpuMilliseconds: cpuMilliseconds / count, jobsPerSecond: count / seconds };
}

const exitCode = runAlone();
if (exitCode === undefined)
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
else process.exitCode = exitCode;
