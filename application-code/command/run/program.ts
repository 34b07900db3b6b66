import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { pluralize } from '../../../text/words';
import type { Clock } from '../../worker/src/clock';
import { JobProcesses } from './job-processes';
import type { LogBudget } from './log-budget';
import { preferForOom } from './oom';
import { ProgramOutput } from './program-output';

export interface ProgramCommand {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** The job's folder, in which it works. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ProgramSeams {
  readonly clock: Clock;
  readonly budget: LogBudget;
  readonly log: (line: string) => void;
}

/** How a program ended, and the last lines of both its outputs. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly standardError: readonly string[];
  readonly standardOutput: readonly string[];
}

/** From SIGTERM to SIGKILL. */
const STOP_SECONDS = 10;
/** A program's last words are in the pipe when it ends; only a stray that is not known holds it. */
const LAST_WORDS_MILLISECONDS = 1_000;
/** So that heartbeats go out although programs take all CPUs. 19 would be least. */
const NICENESS = 5;

/** A program that runs in a process group of its own, without a shell and without an input. */
export class Program {
  readonly processes: JobProcesses;
  private readonly outputs: readonly [ProgramOutput, ProgramOutput];
  private readonly exited: Promise<readonly unknown[]>;
  private cancelKill: (() => void) | undefined;

  private constructor(
    child: ChildProcess & { readonly pid: number },
    folder: string,
    private readonly seams: ProgramSeams,
  ) {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('The program was started without its outputs.');
    this.exited = once(child, 'exit');
    this.processes = new JobProcesses({ group: child.pid, folder });
    const outputOf = (stream: NonNullable<typeof stdout>) =>
      new ProgramOutput(stream, seams.budget, seams.log);
    this.outputs = [outputOf(stderr), outputOf(stdout)];
  }

  /** @throws NodeJS.ErrnoException when it cannot be started. */
  static async start(command: ProgramCommand, seams: ProgramSeams): Promise<Program> {
    const { argv, folder, environment } = command;
    const [file = '', ...words] = argv;
    const child = spawn(file, words, {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid === undefined) throw (await once(child, 'error'))[0];
    preferForOom(pid);
    lowerPriority(pid);
    return new Program(Object.assign(child, { pid }), folder, seams);
  }

  /** Reads its outputs on, after they were paused for the budget. */
  resume(): void {
    for (const output of this.outputs) output.resume();
  }

  /** SIGTERM to its group; SIGKILL when it has not ended ten seconds later. */
  stop(): void {
    if (this.cancelKill) return;
    this.processes.signal('SIGTERM');
    this.cancelKill = this.seams.clock.after(STOP_SECONDS * 1000, () => this.kill());
  }

  /** SIGKILL to its group, at once. */
  kill(): void {
    this.processes.signal('SIGKILL');
  }

  /** Resolves when it has ended and nothing that it started is left. */
  async end(): Promise<ProgramEnd> {
    const [exitCode, signal] = await this.exited;
    this.cancelKill?.();
    await this.killRest();
    const [standardError, standardOutput] = this.outputs;
    await Promise.all(this.outputs.map((output) => output.end(LAST_WORDS_MILLISECONDS)));
    return {
      exitCode: exitCode as number | null,
      signal: signal as NodeJS.Signals | null,
      standardError: standardError.lastLines,
      standardOutput: standardOutput.lastLines,
    };
  }

  private async killRest(): Promise<void> {
    const { names, left } = await this.processes.kill();
    const { log } = this.seams;
    if (names.length > 0) log(`Killed ${processes(names)}, left behind by the program.`);
    if (left.length > 0)
      log(`Left ${processes(left)} of the program, which do not end when killed.`);
  }
}

/** A list of thousands does not help. */
const LISTED = 5;

/** `2 processes (sh, sleep)`. */
function processes(names: readonly string[]): string {
  const listed = [...new Set(names)];
  const more = listed.length > LISTED ? ', …' : '';
  const count = pluralize(names.length, 'process', 'processes');
  return `${count} (${listed.slice(0, LISTED).join(', ')}${more})`;
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    // It has ended already.
  }
}
