import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalModeError } from '../../folder/folder-error';
import type { ScratchFolder } from '../scratch-folder';
import { ministackEnvironment } from './ministack-environment';
import { OutputTail } from './output-tail';

export interface MinistackOptions {
  readonly python: string;
  readonly port: number;
  readonly scratch: ScratchFolder;
  /**
   * Told back by its health answer, so that somebody else's emulator on the same port is not taken
   * for ours.
   */
  readonly identity: string;
  readonly startTimeoutMilliseconds?: number;
}

export interface MinistackProcess {
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Runs ministack until it answers.
 * @throws LocalModeError when it ends or stays silent, with the end of its own words.
 */
export async function startMinistack(
  options: MinistackOptions,
): Promise<MinistackProcess | 'port-taken'> {
  const { scratch, port } = options;
  const child = spawn(options.python, ['-I', '-m', 'ministack'], {
    cwd: scratch.path,
    // A group of its own: its Lambda processes are in it, and the terminal's Ctrl-C is not for it.
    detached: true,
    env: ministackEnvironment(scratch.path, port, options.identity),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail = new OutputTail();
  tail.follow(child.stdout);
  tail.follow(child.stderr);
  let stopping = false;
  const ended = endOf(child);
  if (child.pid !== undefined) scratch.guard(child.pid);

  const deadline = Date.now() + (options.startTimeoutMilliseconds ?? 30_000);
  let running = true;
  ended.then(() => {
    running = false;
    killGroup(child.pid);
  });
  while (!(await isOurs(port, options.identity))) {
    if (!running) {
      if (await somebodyAnswers(port)) return 'port-taken';
      throw new LocalModeError(
        `The local AWS emulator did not start: ${await ended}. It said: ${tail.text()}`,
      );
    }
    if (Date.now() > deadline) {
      throw new LocalModeError(
        `The local AWS emulator did not answer within 30 seconds. It said: ${tail.text()}`,
      );
    }
    await delay(20);
  }
  return {
    died: ended.then((how) => {
      if (stopping) return new Promise<never>(() => undefined);
      return `The local AWS emulator ended in the middle of the run (${how}). It said: ${tail.text()}`;
    }),
    stop: async () => {
      stopping = true;
      await scratch.remove();
      await ended;
    },
  };
}

/** Lambda processes that are left when ministack ends by itself. */
function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  const exited = once(child, 'exit').then(([code, signal]: (number | string | null)[]) =>
    signal ? `killed by ${signal}` : `exit code ${code}`,
  );
  const failed = once(child, 'error').then(([error]: Error[]) => error?.message ?? 'unknown error');
  return Promise.race([exited, failed]);
}

async function isOurs(port: number, identity: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/_ministack/health`, {
      signal: AbortSignal.timeout(2_000),
    });
    const health = (await response.json()) as { readonly edition?: string };
    return health.edition === identity;
  } catch {
    return false;
  }
}

/** An HTTP answer, or any open port: somebody else is there. */
async function somebodyAnswers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch (error) {
    const cause = (error as { readonly cause?: { readonly code?: string } }).cause;
    return cause?.code !== 'ECONNREFUSED';
  }
}
