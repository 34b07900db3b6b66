import { checkOutIsElsewhere, checkSourceFolder } from '../../folder/source-folder';
import { LOCAL_CREDENTIALS } from '../environment';
import { type TaskImage, triedWorkload } from '../fargate/task-image';
import { createTaskRunner, type LocalTaskRunner } from '../fargate/task-runner';
import { type OutFolder, openOutFolder } from '../files/out-folder';
import type { StartOptions } from '../options';
import type { Emulator, Pipeline } from '../ports';
import type { LiveView } from '../view/live-view';
import { pageChunks } from '../view/page';
import type { Paint } from '../view/paint';
import { isComplete, type Report } from '../view/report';
import { summaryLines } from '../view/summary';
import { Failures } from './failures';
import { FolderRun } from './folder-run';
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
  });
  await publish(report, parts.out, ports);
  if (keep) await keepRunning(parts, stop.signal, view.print);
  return exitCodeOf(report, stop);
}

/** Starts the task runner, whose jobs end in the folder's run. */
async function startTasks(
  { keep, ignore, jobTimeoutSeconds, settings }: StartOptions,
  parts: RunParts & { readonly failures: Failures; readonly print: (line: string) => void },
  elapsedSeconds: () => number,
): Promise<{ readonly folderRun: FolderRun; readonly runner: LocalTaskRunner }> {
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
  });
  parts.cleanups.add('The tasks could not be stopped', () => runner.stop());
  await runner.start();
  return { folderRun, runner };
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

/** Leaves a pipeline running until Ctrl-C or the end of the emulator. */
async function keepRunning(
  { pipeline, emulator }: { readonly pipeline: Pipeline; readonly emulator: Emulator },
  stop: AbortSignal,
  print: (text: string) => void,
): Promise<void> {
  print(instructions(pipeline).join('\n'));
  const asked = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve());
  });
  const died = await Promise.race([asked, emulator.died]);
  if (died !== undefined) print(died);
}

/** How to look around in a pipeline that was left running. */
function instructions(pipeline: Pipeline): string[] {
  const { accessKeyId, secretAccessKey } = LOCAL_CREDENTIALS;
  const { sourceBucket, sourcePrefix, destinationBucket, deadLetterQueueUrl, cluster } = pipeline;
  const aws = `aws --endpoint-url ${pipeline.endpoint}`;
  return [
    '',
    'The pipeline is left running. In another terminal:',
    `  npx spillway status --local ${pipeline.endpoint}`,
    `  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} ` +
      `AWS_DEFAULT_REGION=${pipeline.region}`,
    `  ${aws} s3 ls --recursive s3://${destinationBucket}/`,
    `  ${aws} s3 cp photo.jpg s3://${sourceBucket}/${sourcePrefix}photo.jpg`,
    `  ${aws} sqs receive-message --message-attribute-names All --queue-url ${deadLetterQueueUrl}`,
    `  aws --endpoint-url ${pipeline.ecsEndpoint} ecs list-tasks --desired-status STOPPED ` +
      `--cluster ${cluster}`,
    `  ${aws} lambda invoke --function-name ${pipeline.scalerFunctionName} /dev/stdout`,
    'Ctrl-C ends it.',
  ];
}
