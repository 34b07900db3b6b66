import { setTimeout as delay } from 'node:timers/promises';
import { createTaskRunner } from '../../local/fargate/task-runner';
import { openOutFolder } from '../../local/files/out-folder';
import type { StartOptions } from '../../local/options';
import type { TaskView } from '../../local/ports';
import { FolderRun } from '../../local/run/folder-run';
import { Cleanups, openPipeline } from '../../local/run/open-pipeline';
import { invokeScaler, ScalerCalls } from '../../local/run/scaler-calls';
import type { Arrivals } from '../../simulator/scenario';

/** How one run of local mode went, in seconds from the begin of its upload. */
export interface MeasuredRun {
  readonly objects: number;
  /** Uploads by the second: fewer in one in which tasks take the machine's CPUs. */
  readonly arrivals: readonly Arrivals[];
  /** When the scaler was first called. */
  readonly firstRunSeconds: number;
  /** From that call to the first receive. */
  readonly startSeconds: number;
  readonly jobSeconds: number;
  /** Standard deviation, as a part of the mean. */
  readonly jobSpread: number;
  readonly drainedSeconds: number;
  readonly mostTasks: number;
}

/** Time from one call of the scaler to the next. */
export const RUN_EVERY_SECONDS = 5;
const LOOK_MILLISECONDS = 250;
const STOP = new AbortController().signal;

/**
 * Takes a folder through local mode as `npm start` does, but with a steady schedule, and measures
 * it.
 * @throws Error when not every object was done.
 */
export async function measureRun(options: StartOptions): Promise<MeasuredRun> {
  const cleanups = new Cleanups();
  try {
    return await measure(options, cleanups);
  } finally {
    for (const failure of await cleanups.run()) console.error(failure);
  }
}

async function measure(options: StartOptions, cleanups: Cleanups): Promise<MeasuredRun> {
  const out = await openOutFolder(options.out.folder, options.out);
  cleanups.add('The outputs could not be tidied up', () => out.close());
  const parts = await openPipeline(options, { cleanups, stop: STOP, print: () => undefined });
  const { pipeline, proxy, emulator } = parts;
  const jobs: { readonly at: number; readonly seconds: number }[] = [];
  const calls: number[] = [];
  const runner = createTaskRunner({
    pipeline,
    fleet: proxy.fleet,
    events: {
      onJob: (line) => {
        const { total = 0 } = line.milliseconds ?? {};
        if (line.outcome === 'done') jobs.push({ at: Date.now(), seconds: total / 1_000 });
        folderRun.results.onJob(line);
      },
      onProgress: () => undefined,
      onTaskStopped: () => undefined,
    },
  });
  let began = 0;
  const folderRun = new FolderRun({
    ...parts,
    ...{ out, tasks: runner, keep: false, ignore: [], suffixes: [] },
    ...{ folder: options.folder, jobTimeoutSeconds: options.jobTimeoutSeconds },
    elapsedSeconds: () => (Date.now() - began) / 1_000,
  });
  cleanups.add('The tasks could not be stopped', () => runner.stop());
  await runner.start();
  const scaler = new ScalerCalls(
    (id) => {
      calls.push(Date.now());
      return invokeScaler(pipeline, new Date(), id);
    },
    (error) => console.error(error),
  );
  const uploads: number[] = [];
  const uploaded = folderRun.ledger.uploaded.bind(folderRun.ledger);
  folderRun.ledger.uploaded = (key) => {
    uploads.push(Date.now());
    uploaded(key);
  };
  began = Date.now();
  const died = emulator.died.then((why) => Promise.reject(new Error(why)));
  await Promise.race([died, follow(folderRun, scaler)]);
  await untilIdle(() => runner.tasks());
  const since = (at: number) => (at - began) / 1_000;
  const [firstCall = began] = calls;
  const firstReceive = Math.min(...jobs.map(({ at, seconds }) => at - seconds * 1_000));
  return {
    objects: jobs.length,
    arrivals: arrivalsBySecond(uploads.map(since)),
    firstRunSeconds: since(firstCall),
    startSeconds: since(firstReceive) - since(firstCall),
    ...distribution(jobs.map(({ seconds }) => seconds)),
    drainedSeconds: since(Math.max(...jobs.map(({ at }) => at))),
    mostTasks: mostAtATime(runner.tasks()),
  };
}

/** Uploads, and calls the scaler as often as the model does, whatever the tasks do. */
async function follow(folderRun: FolderRun, scaler: ScalerCalls): Promise<void> {
  const uploading = folderRun.upload.run();
  for (;;) {
    const step = await folderRun.look();
    if (step === 'complete') break;
    if (step === 'stalled') throw new Error('Nothing moves any longer.');
    await scaler.callEvery(RUN_EVERY_SECONDS);
    await delay(LOOK_MILLISECONDS);
  }
  await uploading;
}

/** A task that ends itself is told a moment later. */
async function untilIdle(tasks: () => readonly TaskView[]): Promise<void> {
  while (tasks().some(({ lastStatus }) => lastStatus !== 'STOPPED')) await delay(250);
}

/** @param seconds 0 or more, in any order. */
export function arrivalsBySecond(seconds: readonly number[]): readonly Arrivals[] {
  const length = Math.floor(Math.max(...seconds)) + 1;
  return Array.from({ length }, (_, from) => ({
    ...{ from, to: from + 1 },
    objects: seconds.filter((one) => Math.floor(one) === from).length,
  }));
}

function distribution(seconds: readonly number[]) {
  const mean = seconds.reduce((sum, one) => sum + one, 0) / seconds.length;
  const variance = seconds.reduce((sum, one) => sum + (one - mean) ** 2, 0) / seconds.length;
  return { jobSeconds: mean, jobSpread: Math.sqrt(variance) / mean };
}

export function mostAtATime(tasks: readonly Pick<TaskView, 'startedAt' | 'stoppedAt'>[]): number {
  const ran = tasks.flatMap(({ startedAt, stoppedAt = Number.POSITIVE_INFINITY }) =>
    startedAt === undefined ? [] : [{ startedAt, stoppedAt }],
  );
  const runningAt = (at: number) =>
    ran.filter(({ startedAt, stoppedAt }) => startedAt <= at && at < stoppedAt).length;
  return Math.max(0, ...ran.map(({ startedAt }) => runningAt(startedAt)));
}
