import { setTimeout as delay } from 'node:timers/promises';
import { messagesIn } from '../emulator/outcome';
import type { Violation } from './verdict';
import type { World } from './world';

export interface RestOptions {
  readonly world: World;
  /** Runs the scaler. */
  readonly minute: (now: Date) => Promise<readonly Violation[]>;
  /** Called when all is quiet; true when it has given the pipeline more to do. */
  readonly hasMore: () => Promise<boolean>;
  /** Of the slowest run. Default: 240, the waits of eight attempts of one job. */
  readonly seconds?: number;
}

const MINUTE = 60_000;
/** Between two runs of the scaler, which are a minute apart at AWS. */
const MINUTE_PASSES_MILLISECONDS = 600;
/** Lets minutes pass until no message and no task is left and there is no more to do. */
export async function comeToRest({
  world,
  minute,
  hasMore,
  seconds = 240,
}: RestOptions): Promise<Violation[]> {
  const { pipeline, clients, runner } = world;
  const deadline = Date.now() + seconds * 1000;
  const found: Violation[] = [];
  let scheduled = Date.now();
  for (let quiet = 0; quiet < 2; ) {
    scheduled += MINUTE;
    found.push(...(await minute(new Date(scheduled))));
    await delay(MINUTE_PASSES_MILLISECONDS);
    const live = runner.tasks().filter(({ lastStatus }) => lastStatus !== 'STOPPED').length;
    const messages = await messagesIn(clients, pipeline.queueUrl);
    const isQuiet = live === 0 && messages === 0 && !(await hasMore());
    quiet = isQuiet ? quiet + 1 : 0;
    if (Date.now() < deadline) continue;
    const text = `after ${seconds} s there are ${messages} messages and ${live} tasks left`;
    return [...found, { text, keys: [] }];
  }
  return found;
}
