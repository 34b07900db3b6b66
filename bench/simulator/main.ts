import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { DEFAULT_WORKLOAD, recipeOf } from '../../application-code/workloads';
import type { StartOptions } from '../../local/options';
import { LOCAL_DEFAULTS } from '../../local/provision/settings';
import type { Outcome } from '../../simulator/outcome';
import { simulate } from '../../simulator/simulate';
import { DEFAULT_PIPELINE } from '../../stacks/config/schema';
import { type MeasuredRun, measureRun, RUN_EVERY_SECONDS } from './local-run';

const DEFAULT_OBJECTS = '2000';
/** Times may differ by this part, the most tasks by this number. */
const TOLERANCE = { time: 0.15, tasks: 1 } as const;

/**
 * Compares the simulator with local mode: the figures of a first run (start-up, time of a job,
 * upload) predict a second one. Exit code 1: it differs by more than 15 % in time or one task.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      objects: { type: 'string', default: DEFAULT_OBJECTS },
      json: { type: 'boolean', default: false },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'spillway-simulator-'));
  try {
    const options = await optionsFor(folder, objectsOf(values.objects));
    const first = await measureRun(options);
    const predicted = await predict(first, options);
    const second = await measureRun(options);
    const result = compare(predicted, second);
    console.log(
      values.json ? JSON.stringify({ first, second, ...result }, undefined, 2) : toText(result),
    );
    if (!result.agrees) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function objectsOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new Error(`--objects must be a whole number from 1 to 99999, but ${text} was given.`);
}

/** Copies of one picture, which all take about the same time. */
async function optionsFor(folder: string, objects: number): Promise<StartOptions> {
  const pictures = join(folder, 'pictures');
  await mkdir(pictures);
  const first = join(pictures, '0.jpg');
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const create = { width: 1_200, height: 900, channels: 3, background: 'grey', noise } as const;
  await sharp({ create }).jpeg().toFile(first);
  for (let copy = 1; copy < objects; copy += 1)
    await copyFile(first, join(pictures, `${copy}.jpg`));
  const { maxTasks, jobsPerTask, jobTimeoutSeconds, maxAttempts, destination } = LOCAL_DEFAULTS;
  return {
    folder: pictures,
    out: { folder: join(folder, 'out'), isExplicit: true },
    workload: DEFAULT_WORKLOAD,
    recipe: recipeOf(DEFAULT_WORKLOAD).default,
    ...{ destination, maxTasks, jobsPerTask, jobTimeoutSeconds, maxAttempts },
    ...{ container: false, keep: false, ignore: [] },
  };
}

function predict(run: MeasuredRun, { maxTasks, jobsPerTask }: StartOptions): Promise<Outcome> {
  const { jobSeconds, jobSpread, startSeconds, arrivals } = run;
  return simulate({
    name: 'local',
    settings: {
      ...DEFAULT_PIPELINE,
      ...LOCAL_DEFAULTS,
      schedule: DEFAULT_PIPELINE.schedule,
      maxTasks,
      jobsPerTask,
    },
    region: 'local',
    hasPublicAddress: false,
    figures: {
      ...{ jobSeconds, jobSpread, startSeconds, startSpread: 0, unbilledSeconds: 0 },
      slots: LOCAL_DEFAULTS.jobConcurrency,
      ...{ interruptionsPerHour: 0, duplicates: 0, failingTasks: 0 },
      ...{ outputsPerObject: 1, sampleBytes: 0, logBytesPerObject: 0 },
    },
    runEverySeconds: RUN_EVERY_SECONDS,
    firstRunSeconds: run.firstRunSeconds,
    arrivals,
    seed: 1,
  });
}

interface Comparison {
  readonly seconds: { readonly predicted: number; readonly measured: number };
  readonly tasks: { readonly predicted: number; readonly measured: number };
  readonly agrees: boolean;
}

function compare({ drainedSeconds = 0, tasks }: Outcome, run: MeasuredRun): Comparison {
  const off = Math.abs(drainedSeconds / run.drainedSeconds - 1);
  return {
    seconds: { predicted: drainedSeconds, measured: run.drainedSeconds },
    tasks: { predicted: tasks.most, measured: run.mostTasks },
    agrees: off <= TOLERANCE.time && Math.abs(tasks.most - run.mostTasks) <= TOLERANCE.tasks,
  };
}

function toText({ seconds, tasks, agrees }: Comparison): string {
  const percent = ((seconds.predicted / seconds.measured - 1) * 100).toFixed(1);
  return [
    `predicted ${seconds.predicted.toFixed(1)} s with at most ${tasks.predicted} tasks`,
    `measured  ${seconds.measured.toFixed(1)} s with at most ${tasks.measured} tasks`,
    `(${percent} % in time)`,
    `They ${agrees ? 'agree' : 'do NOT agree'} within 15 % and one task.`,
  ].join('\n');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
