import { existsSync } from 'node:fs';
import path from 'node:path';
import { LocalModeError } from '../folder/errors';
import { parseOptions, type StartOptions } from './options';
import { run } from './run/run';
import { listenForStop, stopWithReader } from './run/stop-requests';
import { openLiveView } from './view/live-view';
import { paintFor } from './view/paint';

const USAGE = 2;

/** `npm start`: reads the command line, runs, and ends the process with the run's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // On Node 20 the SDK would print eight lines about the end of its support.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  stopWithReader([process.stdout, process.stderr], process, (code) => process.exit(code));
  const parsed = parseOptions(argv, {
    workingFolder: workingFolder(process.env),
    samplesOf,
    variables: process.env,
  });
  if (parsed.kind === 'help') process.stdout.write(parsed.text);
  else if (parsed.kind === 'run') process.exit(await runWith(parsed.options));
  else {
    for (const fault of parsed.faults) console.error(fault);
    process.exitCode = USAGE;
  }
}

async function runWith(options: StartOptions): Promise<number> {
  const view = await openLiveView(process.stdout, process.env);
  const stop = listenForStop(process, (exitCode) => {
    view.close();
    process.exit(exitCode);
  });
  try {
    return await run(options, { stop, view, paint: paintFor(process.stdout, process.env) });
  } catch (error) {
    view.close();
    console.error(error instanceof LocalModeError ? error.message : error);
    return 1;
  } finally {
    view.close();
    stop.close();
  }
}

/** Those in the folder of a workload, else the bundled photos. */
function samplesOf(workload: string): string {
  const root = path.join(__dirname, '..');
  const own = path.join(root, 'application-code', workload, 'samples');
  return existsSync(own) ? own : path.join(root, 'samples');
}

/**
 * The folder where the user called `npm start`: npm itself runs in the checkout. Under another npm
 * script its variable says something else.
 */
function workingFolder({
  npm_lifecycle_event: script,
  INIT_CWD: folder,
}: NodeJS.ProcessEnv): string {
  return script === 'start' && folder !== undefined ? folder : process.cwd();
}
