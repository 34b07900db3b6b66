import { checkOutIsElsewhere, checkSourceFolder } from '../../folder/source-folder';
import { checkLabel } from '../dataset/check-label';
import { finishedDataset, openWork } from '../dataset/finished-dataset';
import type { FolderStore } from '../dataset/folder-store';
import { type TaskImage, triedWorkload } from '../fargate/task-image';
import { createTaskRunner, type LocalTaskRunner } from '../fargate/task-runner';
import { type OutFolder, openOutFolder } from '../files/out-folder';
import type { StartOptions } from '../options';
import type { LiveView } from '../view/live-view';
import { pageChunks } from '../view/page';
import type { Paint } from '../view/paint';
import { isComplete, type Report } from '../view/report';
import { summaryLines } from '../view/summary';
import { Failures } from './failures';
import { FolderRun } from './folder-run';
import { keepRunning } from './keep-running';
import { Cleanups, type OpenPipeline, openPipeline, StoppedEarly } from './open-pipeline';
import { ProgressLog } from './progress-log';
import { reportOf } from './report-of';
import { invokeScaler, ScalerCalls } from './scaler-calls';
import type { StopRequests } from './stop-requests';
import { emulatorGone, type RunResult, watch } from './watch';

const REDRAW_MILLISECONDS = 250;

interface RunPorts {
  readonly stop: StopRequests;
  readonly view: LiveView;
  readonly paint: Paint;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Takes a folder through the pipeline and reports how it went.
 * @returns the exit code: 0 when every file of the folder is an object with all its outputs or a
 *   dead letter.
 * @throws LocalModeError for what the user has to fix before anything begins.
 */
export async function run(options: StartOptions, ports: RunPorts): Promise<number> {
  const { stop, view } = ports;
  const folder = await checkSourceFolder(options.folder);
  await checkOutIsElsewhere(folder, options.out.folder);
  await checkLabel(folder, options.destination);
  const image = await triedWorkload(options, view.print);
  const cleanups = new Cleanups();
  try {
    const out = await openOutFolder(options.out.folder, options.out);
    cleanups.add(`${out.folder} could not be tidied up`, () => out.close());
    const opened = await openPipeline(options, { cleanups, stop: stop.signal, print: view.print });
    return await processFolder(options, ports, {
      ...opened,
      folder,
      out,
      cleanups,
      ...(image && { image }),
    });
  } catch (error) {
    if (!(error instanceof StoppedEarly)) throw error;
    view.print('Stopped before anything was uploaded.');
    return stop.exitCode() ?? 1;
  } finally {
    for (const failure of await cleanups.run()) view.print(failure);
  }
}

interface RunParts extends OpenPipeline {
  readonly folder: string;
  readonly out: OutFolder;
  readonly cleanups: Cleanups;
  /** Absent: tasks are processes of this machine. */
  readonly image?: TaskImage;
}

async function processFolder(
  options: StartOptions,
  ports: RunPorts,
  parts: RunParts,
): Promise<number> {
  const { stop, view, now = Date.now } = ports;
  const began = now();
  const elapsedSeconds = () => (now() - began) / 1_000;
  const failures = new Failures(view.print, parts.pipeline.sourcePrefix);
  const started = await startTasks(
    options,
    { ...parts, failures, print: view.print },
    elapsedSeconds,
  );
  const { folderRun, runner } = started;
  const scaler = new ScalerCalls(
    (invocationId) => invokeScaler(parts.pipeline, new Date(now()), invocationId),
    (error) =>
      stop.signal.aborted || view.print(`The scaler could not be called: ${String(error)}`),
    now,
  );
  view.print(`Processing ${parts.folder} …`);
  const { died } = parts.emulator;
  const { refused } = failures;
  const toWatch = { folderRun, scaler, show: view.show, stop: stop.signal, died, refused, now };
  const result = await watch(toWatch);
  const keep = options.keep && (result.end === 'complete' || result.end === 'stalled');
  const ended = await finish(result, { folderRun, runner, died, keep }, view);
  view.show(folderRun.snapshot('finishing'));
  const dataset = await finishedDataset(options, { ...parts, ...started, now });
  const report = reportOf(folderRun, {
    ...ended,
    workload: options.workload,
    suffixes: options.settings?.suffixes ?? [],
    pipeline: parts.pipeline,
    folder: parts.folder,
    out: parts.out.folder,
    seconds: elapsedSeconds(),
    tasks: runner.tasks(),
    invocations: scaler.count,
    ...(dataset !== undefined && { dataset }),
  });
  await publish(report, parts.out, ports);
  if (keep) await keepRunning(parts, stop.signal, view.print);
  return exitCodeOf(report, stop);
}

/** Starts the task runner, whose jobs end in the folder's run. */
async function startTasks(
  { keep, ignore, jobTimeoutSeconds, settings, destination }: StartOptions,
  parts: RunParts & { readonly failures: Failures; readonly print: (line: string) => void },
  elapsedSeconds: () => number,
): Promise<StartedTasks> {
  const work = destination.kind === 'shards' ? await openWork(parts.out) : undefined;
  const runner = createTaskRunner({
    pipeline: parts.pipeline,
    fleet: parts.proxy.fleet,
    ...(parts.image && { image: parts.image }),
    events: {
      onJob: (line) => {
        folderRun.jobs.onJob(line);
        parts.failures.onJob(line);
        folderRun.results.onJob(line);
      },
      onProgress: (line, task) => {
        folderRun.jobs.onProgress(line, task);
        progressLog.write(line);
      },
      onTaskStopped: (task, logTail) => {
        folderRun.jobs.onTaskStopped(task);
        parts.failures.onTaskStopped(task, logTail);
      },
    },
  });
  const progressLog = new ProgressLog(parts.pipeline, (error) =>
    parts.print(`How far a job is could not be logged: ${String(error)}`),
  );
  parts.cleanups.add('The log of the jobs could not be closed', () => progressLog.close());
  const folderRun = new FolderRun({
    ...parts,
    ...{ tasks: runner, keep, ignore, jobTimeoutSeconds, elapsedSeconds },
    suffixes: settings?.suffixes ?? [],
    ...(work && { parts: work }),
  });
  parts.cleanups.add('The tasks could not be stopped', () => runner.stop());
  await runner.start();
  return { folderRun, runner, ...(work && { work }) };
}

interface StartedTasks {
  readonly folderRun: FolderRun;
  readonly runner: LocalTaskRunner;
  /** Has the parts of a dataset; absent in a run whose outputs are objects. */
  readonly work?: FolderStore;
}

interface EndingRun {
  readonly folderRun: FolderRun;
  readonly runner: LocalTaskRunner;
  readonly died: Promise<string>;
  readonly keep: boolean;
}

/** Ends a run in order: drains the tasks, then fetches what they have finished. */
async function finish(result: RunResult, ending: EndingRun, view: LiveView): Promise<RunResult> {
  const { folderRun, runner, died, keep } = ending;
  folderRun.upload.stop();
  const phase = result.end === 'complete' ? 'finishing' : 'draining';
  const redraw = setInterval(() => view.show(folderRun.snapshot(phase)), REDRAW_MILLISECONDS);
  try {
    if (result.isEmulatorGone) {
      folderRun.results.abandon();
      runner.killAll();
      await runner.stop();
      return result;
    }
    const inOrder = async () => {
      if (!keep) await runner.stop();
      await folderRun.results.settle();
      return result;
    };
    return await Promise.race([inOrder(), emulatorGone(died)]);
  } finally {
    clearInterval(redraw);
  }
}

/** Writes the page and prints the summary. */
async function publish(report: Report, out: OutFolder, { view, paint }: RunPorts): Promise<void> {
  let complete = report;
  try {
    complete = { ...report, page: await out.writePage(pageChunks(report)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (why !== report.because) view.print(why);
  }
  view.close();
  view.print(summaryLines(complete, paint).join('\n'));
}

function exitCodeOf(report: Report, stop: StopRequests): number {
  if (report.end === 'stopped') return stop.exitCode() ?? 1;
  return isComplete(report) ? 0 : 1;
}
