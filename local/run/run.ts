import { checkOutIsElsewhere, checkSourceFolder } from '../../folder/source-folder';
import { createTaskRunner, type LocalTaskRunner } from '../fargate/task-runner';
import { type OutFolder, openOutFolder } from '../files/out-folder';
import type { StartOptions } from '../options';
import { invokeScaler } from '../provision/invoke-scaler';
import type { LiveView } from '../view/live-view';
import { pageChunks } from '../view/page';
import type { Paint } from '../view/paint';
import { isComplete, type Report } from '../view/report';
import { summaryLines } from '../view/summary';
import { Cleanups } from './cleanups';
import { Session } from './folder-run';
import { keepSentences } from './keep';
import { type OpenPipeline, openPipeline, StoppedEarly } from './open-pipeline';
import { reportOf } from './report-of';
import { ScalerCalls } from './scaler-calls';
import type { StopRequests } from './stop-requests';
import { type Outcome, watch } from './watch';

const REDRAW_MILLISECONDS = 250;

export interface RunWorld {
  readonly stop: StopRequests;
  readonly view: LiveView;
  readonly paint: Paint;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Takes a folder through the pipeline and tells how it went.
 * @returns the exit code: 0 when every file of the folder is an object with all its outputs or a
 *   dead letter.
 * @throws LocalModeError for what the user can mend before anything begins.
 */
export async function run(options: StartOptions, world: RunWorld): Promise<number> {
  const { stop, view } = world;
  const folder = await checkSourceFolder(options.folder);
  await checkOutIsElsewhere(folder, options.out.folder);
  const cleanups = new Cleanups();
  try {
    const out = await openOutFolder(options.out.folder, options.out);
    cleanups.add(`${out.folder} could not be tidied up`, () => out.close());
    const opened = await openPipeline(options, cleanups, stop.signal, view.say);
    return await processFolder(options, world, { ...opened, folder, out }, cleanups);
  } catch (error) {
    if (!(error instanceof StoppedEarly)) throw error;
    view.say('Stopped before anything was uploaded.');
    return stop.exitCode() ?? 1;
  } finally {
    for (const failure of await cleanups.run()) view.say(failure);
  }
}

interface Parts extends OpenPipeline {
  readonly folder: string;
  readonly out: OutFolder;
}

async function processFolder(
  options: StartOptions,
  world: RunWorld,
  parts: Parts,
  cleanups: Cleanups,
): Promise<number> {
  const { stop, view, now = Date.now } = world;
  const { pipeline, emulator } = parts;
  const began = now();
  const elapsedSeconds = () => (now() - began) / 1_000;
  const runner = createTaskRunner({
    pipeline,
    fleet: parts.proxy.fleet,
    events: { onJob: (line) => session.onJob(line) },
  });
  const session = new Session({
    ...parts,
    tasks: runner,
    keep: options.keep,
    ignore: options.ignore,
    elapsedSeconds,
  });
  cleanups.add('The tasks could not be stopped', () => runner.stop());
  await runner.start();
  const scaler = new ScalerCalls(
    (scheduled) => invokeScaler(pipeline, scheduled),
    (error) => stop.signal.aborted || view.say(`The scaler could not be called: ${String(error)}`),
    now,
  );
  view.say(`Processing ${parts.folder} …`);
  const outcome = await watch({
    session,
    scaler,
    show: view.show,
    stop: stop.signal,
    died: emulator.died,
    now,
  });
  const keep = options.keep && (outcome.end === 'complete' || outcome.end === 'stalled');
  const ended = await wind(outcome, session, runner, keep, world, emulator.died);
  view.show(session.snapshot('finishing'));
  const report = reportOf(session, {
    ...ended,
    workload: options.workload,
    folder: parts.folder,
    out: parts.out.folder,
    seconds: elapsedSeconds(),
    tasks: runner.tasks(),
    invocations: scaler.count,
  });
  await tell(report, parts.out, world);
  if (keep) await keepRunning(parts, world);
  return exitCodeOf(report, stop);
}

/** Brings a run to its end in order: tasks drain, what they have finished is fetched. */
async function wind(
  outcome: Outcome,
  session: Session,
  runner: LocalTaskRunner,
  keep: boolean,
  { view }: RunWorld,
  died: Promise<string>,
): Promise<Outcome> {
  session.stopUploading();
  const phase = outcome.end === 'complete' ? 'finishing' : 'draining';
  const redraw = setInterval(() => view.show(session.snapshot(phase)), REDRAW_MILLISECONDS);
  try {
    if (outcome.isEmulatorGone) {
      session.abandon();
      runner.killAll();
      await runner.stop();
      return outcome;
    }
    const gone = died.then(
      (because): Outcome => ({ end: 'broken', because, isEmulatorGone: true }),
    );
    const inOrder = async () => {
      if (!keep) await runner.stop();
      await session.settle();
      return outcome;
    };
    return await Promise.race([inOrder(), gone]);
  } finally {
    clearInterval(redraw);
  }
}

async function tell(report: Report, out: OutFolder, { view, paint }: RunWorld): Promise<void> {
  let told = report;
  try {
    told = { ...report, page: await out.writePage(pageChunks(report)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (why !== report.because) view.say(why);
  }
  view.close();
  view.say(summaryLines(told, paint).join('\n'));
}

/** Until Ctrl-C, which is the way to end this, so that it says nothing about the run. */
async function keepRunning({ pipeline, emulator }: Parts, { stop, view }: RunWorld): Promise<void> {
  view.say(keepSentences(pipeline).join('\n'));
  const asked = new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    stop.signal.addEventListener('abort', () => resolve());
  });
  const died = await Promise.race([asked, emulator.died]);
  if (died !== undefined) view.say(died);
}

function exitCodeOf(report: Report, stop: StopRequests): number {
  if (report.end === 'stopped') return stop.exitCode() ?? 1;
  return isComplete(report) ? 0 : 1;
}
