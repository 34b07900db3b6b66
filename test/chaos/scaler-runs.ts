import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pipeline } from '../../local/ports';
import { invokeScaler } from '../../local/run/scaler-calls';
import type { History } from './history';
import type { Injector } from './injector';
import type { Violation } from './verdict';

const MINUTE = 60_000;
/** Requests of the scaler name it so, with the id of its process behind it. */
export const SCALER_NAME = 'scaler-';

/** Variables by which the function names its process in its requests. */
export async function namingVariables(folder: string): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, 'naming.js');
  await writeFile(file, `process.env.AWS_SDK_UA_APP_ID = '${SCALER_NAME}' + process.pid;`);
  return { NODE_OPTIONS: `--require ${file}` };
}

/** Kills the function's process that sent a request, if it still lives. */
export function killScaler(who: string): void {
  try {
    process.kill(Number(who.slice(SCALER_NAME.length)), 'SIGKILL');
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'ESRCH') throw error;
  }
}

/** The runs of one minute: one, or two at once, or one and the same once more. */
export async function scalerRuns(
  pipeline: Pipeline,
  injector: Injector,
  history: History,
  minute: Date,
): Promise<Violation[]> {
  const overlaps = injector.strikes('scaler-overlaps');
  const again = injector.strikes('scaler-runs-twice');
  if (overlaps)
    injector.report('scaler-overlaps', 'test', 'the run of the next minute comes at the same time');
  if (again) injector.report('scaler-runs-twice', 'test', 'the same run comes again');
  const next = new Date(minute.getTime() + MINUTE);
  const run = (now: Date) => scalerRun(pipeline, history, now);
  const found = (await Promise.all([run(minute), ...(overlaps ? [run(next)] : [])])).flat();
  return again ? [...found, ...(await run(minute))] : found;
}

/** One run. It may fail, but only by a fault that was injected. */
export async function scalerRun(
  pipeline: Pipeline,
  history: History,
  now: Date,
): Promise<Violation[]> {
  const before = strikes(history);
  try {
    const run = (await invokeScaler(pipeline, now)) as Readonly<Record<string, unknown>>;
    const text = JSON.stringify({ decided: run.decided, done: run.done });
    history.addNew({ what: 'run', who: 'scaler', text, keys: [] });
    return [];
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    history.add({ what: 'run', who: 'scaler', text, keys: [] });
    return strikes(history) > before ? [] : [{ text: `without a fault, ${text}`, keys: [] }];
  }
}

/** Faults of the scaler's requests so far. */
function strikes({ all }: History): number {
  return all.filter(({ what, who }) => what === 'fault' && who.startsWith(SCALER_NAME)).length;
}
