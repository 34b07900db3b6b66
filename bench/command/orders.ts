import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { costOf } from '../process-cost';
import { baseVariables, end, told } from '../queue-run';

/** One kind of work, done as often as is wanted in a process of its own. */
interface Order {
  readonly name: string;
  /** For its files. */
  readonly folder: string;
  readonly count: number;
}

export interface Cost {
  readonly seconds: number;
  /** With that of the programs that were started. */
  readonly cpuMilliseconds: number;
}

/** Prepares the work, and returns what is measured. */
type Work = (folder: string, count: number) => Promise<() => Promise<unknown>>;

/** Called in the process: does each kind that it knows, and says what that took. */
export function answerOrders<Name extends string>(works: Readonly<Record<Name, Work>>): void {
  process.on('message', async ({ name, folder, count }: Order) => {
    const work = (works as Readonly<Record<string, Work>>)[name];
    if (!work) throw new Error(`There is no work ${name}; there is ${Object.keys(works)}.`);
    const run = await work(folder, count);
    const before = costOf(process.pid);
    const began = performance.now();
    await run();
    const seconds = (performance.now() - began) / 1000;
    const cpuMilliseconds = costOf(process.pid).cpuMilliseconds - before.cpuMilliseconds;
    process.send?.({ seconds, cpuMilliseconds } satisfies Cost);
  });
}

/** Starts such a process. */
export function startWorks(file: string, variables: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = fork(join(__dirname, file), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...baseVariables(), ...variables },
  });
  return {
    do: async (order: Order): Promise<Cost> => {
      child.send(order);
      return (await told(child, `${file}, ${order.name}`)) as Cost;
    },
    close: () => end(child),
  };
}
