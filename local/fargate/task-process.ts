import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { JobProcesses } from '../../application-code/command/run/job-processes';
import type { JobLine, ProgressLine } from '../../application-code/worker/src/log-lines';
import type { Variables } from '../environment';

export interface TaskProcessOptions {
  readonly command: readonly [program: string, ...words: string[]];
  /** Working folder, home and temporary folder of the process. */
  readonly folder: string;
  readonly environment: Variables;
  /** Kills what is no child of the process, such as a container; default: its group is killed. */
  readonly kill?: () => void;
  readonly onStandardOutput: (line: string) => void;
  /** Called with the id of the process group, when it begins and when it has ended. */
  readonly guard: {
    readonly guard: (group: number) => void;
    readonly release: (group: number) => void;
  };
}

/** How a process ended. `failure`, in ECS's words: it never began. */
export type TaskExit = { readonly exitCode: number } | { readonly failure: string };

export const cannotStart = ({ message }: Error): TaskExit => ({
  failure: `CannotStartContainerError: ${message}`,
});

export const imageMissing = (image: string): TaskExit => ({
  failure:
    'CannotPullContainerError: pull image manifest has been retried 7 time(s): ' +
    `failed to resolve ref ${image}: ${image}: not found`,
});

/**
 * The container of a task: one process in a group of its own, so that Ctrl-C in the terminal does
 * not reach it.
 */
export interface TaskProcess {
  /** True once the process runs, false when it could not be started. */
  readonly started: Promise<boolean>;
  /**
   * Resolves when the process and its whole group are gone, and all their output has been read.
   */
  readonly exited: Promise<TaskExit>;
  /** Last lines of both outputs. */
  readonly logTail: readonly string[];
  /** Sends a signal to the process alone, as ECS does. Has no effect once it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM now, SIGKILL after the timeout. A second call has no effect. */
  stop(timeoutSeconds: number): void;
}

const LOG_TAIL_LINES = 50;

/** A container runtime reports a process that a signal ended as 128 and the signal's number. */
const KILLED_BY_SIGNAL = 128;

export function startTaskProcess(options: TaskProcessOptions): TaskProcess {
  const [program, ...words] = options.command;
  const child = spawn(program, words, {
    cwd: options.folder,
    detached: true,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = child.pid;
  if (group !== undefined) options.guard.guard(group);
  const processes = group && new JobProcesses({ group, folder: options.folder });
  const { logTail, read } = readOutput(child.stdout, child.stderr, options.onStandardOutput);
  let alive = group !== undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const exited = exitOf(child).then(async (exit) => {
    alive = false;
    clearTimeout(killTimer);
    // A container ends with all its processes. Here they would keep its outputs open, and each
    // program of a job has a group of its own.
    if (processes) await processes.kill();
    await read;
    if (group !== undefined) options.guard.release(group);
    return exit;
  });
  return {
    started: group === undefined ? Promise.resolve(false) : once(child, 'spawn').then(() => true),
    exited,
    logTail,
    signal: (signal) => {
      if (alive && signal === 'SIGKILL' && options.kill) options.kill();
      else if (alive) child.kill(signal);
    },
    stop: (timeoutSeconds) => {
      if (!alive || killTimer) return;
      child.kill('SIGTERM');
      killTimer = setTimeout(options.kill ?? (() => killGroup(group)), timeoutSeconds * 1000);
    },
  };
}

/** Reads both outputs line by line; `read` resolves when both have ended. */
function readOutput(stdout: Readable, stderr: Readable, onStandardOutput: (line: string) => void) {
  const logTail: string[] = [];
  const keep = (line: string) => {
    logTail.push(line);
    if (logTail.length > LOG_TAIL_LINES) logTail.shift();
  };
  const read = Promise.all([
    eachLine(stdout, (line) => {
      keep(line);
      onStandardOutput(line);
    }),
    eachLine(stderr, keep),
  ]);
  return { logTail, read };
}

async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', onLine);
  await once(lines, 'close');
}

function exitOf(child: ChildProcess): Promise<TaskExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const exitCode = code ?? KILLED_BY_SIGNAL + constants.signals[signal ?? 'SIGKILL'];
      resolve({ exitCode });
    });
    child.once('error', (error) => resolve(cannotStart(error)));
  });
}

function killGroup(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}

/** What a line of a worker's standard output reports of a job; undefined for any other line. */
export function parseJobLine(line: string): JobLine | ProgressLine | undefined {
  if (!line.startsWith('{') || !/"event":"(job|progress)"/.test(line)) return undefined;
  try {
    const value = JSON.parse(line) as JobLine | ProgressLine;
    return value.event === 'job' || value.event === 'progress' ? value : undefined;
  } catch {
    return undefined;
  }
}
