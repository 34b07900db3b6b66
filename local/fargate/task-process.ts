import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Environment } from '../environment';

export interface TaskProcessOptions {
  /** A JavaScript file for the same Node that runs us. */
  readonly program: string;
  /** Working folder, home and temporary folder of the process. */
  readonly folder: string;
  readonly environment: Environment;
  readonly onStandardOutput: (line: string) => void;
  /** Called with the id of the process group while it lives. */
  readonly guard: {
    readonly guard: (group: number) => void;
    readonly release: (group: number) => void;
  };
}

/** How a process ended; `failure` when it never began. */
export type TaskExit = { readonly exitCode: number } | { readonly failure: string };

/**
 * The container of a task: one process, in a group of its own, so that a terminal's Ctrl-C is not
 * for it.
 */
export interface TaskProcess {
  /** True once the process runs, false when it could not be started. */
  readonly started: Promise<boolean>;
  /**
   * Settles when the process, and whatever it left in its group, is gone and all its output has
   * been read.
   */
  readonly exited: Promise<TaskExit>;
  /** Last lines of both outputs. */
  readonly logTail: readonly string[];
  /** To the process itself, as ECS does; nothing happens once it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM now, SIGKILL when that long has passed. Calling it again changes nothing. */
  stop(timeoutSeconds: number): void;
}

const LOG_TAIL_LINES = 50;

/** Exit code of a process that a signal ended, as a container runtime reports it. */
const KILLED_BY_SIGNAL = 128;
const SIGNAL_NUMBERS: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

export function startTaskProcess(options: TaskProcessOptions): TaskProcess {
  const child = spawn(process.execPath, [options.program], {
    cwd: options.folder,
    detached: true,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = child.pid;
  if (group !== undefined) options.guard.guard(group);
  const logTail: string[] = [];
  const keep = (line: string) => {
    logTail.push(line);
    if (logTail.length > LOG_TAIL_LINES) logTail.shift();
  };
  const output = Promise.all([
    eachLine(child.stdout, (line) => {
      keep(line);
      options.onStandardOutput(line);
    }),
    eachLine(child.stderr, keep),
  ]);

  let alive = group !== undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const exit = new Promise<TaskExit>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ exitCode: code ?? KILLED_BY_SIGNAL + (SIGNAL_NUMBERS[signal ?? 'SIGKILL'] ?? 0) });
    });
    child.once('error', (error) => resolve({ failure: error.message }));
  });
  const exited = exit.then(async (how) => {
    alive = false;
    clearTimeout(killTimer);
    // What the process started and left behind would hold its outputs open.
    killGroup(group);
    await output;
    if (group !== undefined) options.guard.release(group);
    return how;
  });
  return {
    started: group === undefined ? Promise.resolve(false) : once(child, 'spawn').then(() => true),
    exited,
    logTail,
    signal: (signal) => {
      if (alive) child.kill(signal);
    },
    stop: (timeoutSeconds) => {
      if (!alive || killTimer) return;
      child.kill('SIGTERM');
      killTimer = setTimeout(() => killGroup(group), timeoutSeconds * 1000);
    },
  };
}

async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', onLine);
  await once(lines, 'close');
}

function killGroup(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
