import type { Pipeline } from '../../local/ports';
import { invokeScaler } from '../../local/provision/invoke-scaler';
import type { History } from './history';
import type { Injector } from './injector';
import { SCALER_NAME } from './scaler-process';
import type { Violation } from './verdict';

const MINUTE = 60_000;

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
    injector.tell('scaler-overlaps', 'test', 'the run of the next minute comes at the same time');
  if (again) injector.tell('scaler-runs-twice', 'test', 'the same run comes again');
  const next = new Date(minute.getTime() + MINUTE);
  const run = (now: Date) => scalerRun(pipeline, history, now);
  const found = (await Promise.all([run(minute), ...(overlaps ? [run(next)] : [])])).flat();
  return again ? [...found, ...(await run(minute))] : found;
}

/** One run. It may fail, but only by a fault that we have injected. */
export async function scalerRun(
  pipeline: Pipeline,
  history: History,
  now: Date,
): Promise<Violation[]> {
  const before = strikes(history);
  try {
    const { decided, done } = (await invokeScaler(pipeline, now)) as Readonly<
      Record<string, unknown>
    >;
    history.addNew({
      what: 'run',
      who: 'scaler',
      text: JSON.stringify({ decided, done }),
      keys: [],
    });
    return [];
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    history.add({ what: 'run', who: 'scaler', text, keys: [] });
    return strikes(history) > before ? [] : [{ text: `without a fault, ${text}`, keys: [] }];
  }
}

/** Faults of the scaler's requests so far. */
function strikes(history: History): number {
  return history.all.filter(({ what, who }) => what === 'fault' && who.startsWith(SCALER_NAME))
    .length;
}
