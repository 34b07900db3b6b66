import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process of this machine that has not ended, as Linux shows it. */
export class ProcessEntry {
  private readonly files = new Map<string, string>();

  constructor(
    readonly pid: number,
    readonly parent: number,
    /** Id of its process group. */
    readonly group: number,
    /** Clock ticks from the boot to its start: no other process has both this and `pid`. */
    readonly startedAt: number,
    readonly name: string,
  ) {}

  /** Name and value of each variable that it was started with, each followed by a NUL. */
  get environment(): string {
    return this.file('environ');
  }

  get workingFolder(): string {
    try {
      return readlinkSync(`/proc/${this.pid}/cwd`);
    } catch {
      // It has ended, or belongs to another user and so to no job.
      return '';
    }
  }

  /** Memory that only its end would free, in KiB. Pages that a fork shares count fully. */
  get memoryKiB(): number {
    const status = this.file('status');
    return ['RssAnon', 'RssShmem', 'VmSwap'].reduce((sum, name) => sum + kiB(status, name), 0);
  }

  /**
   * The same, with each shared page divided among those who share it. Linux walks all pages for
   * it: https://docs.kernel.org/filesystems/proc.html
   */
  get proportionalMemoryKiB(): number {
    const rollup = this.file('smaps_rollup');
    return ['Pss_Anon', 'Pss_Shmem', 'SwapPss'].reduce((sum, name) => sum + kiB(rollup, name), 0);
  }

  private file(name: string): string {
    const known = this.files.get(name);
    if (known !== undefined) return known;
    const text = readOf(this.pid, name) ?? '';
    this.files.set(name, text);
    return text;
  }
}

/**
 * All processes but this one; none where there is no `/proc`, as on macOS. It is read
 * synchronously: a few microseconds for each of the few processes that a task has.
 */
export function readProcessTable(): readonly ProcessEntry[] {
  return entriesOf(pids().filter((pid) => pid !== process.pid));
}

/**
 * Those that were started after a process of less than a second ago. Ids are given in turn, and
 * start again after the highest one, which is 32,768 at least:
 * https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html
 */
export function readProcessesAfter(pid: number): readonly ProcessEntry[] {
  const latest = latestPid();
  return latest < pid ? readProcessTable() : entriesOf(pids().filter((other) => other > pid));
}

/** The last word of `0.20 0.18 0.12 1/80 11206`. */
function latestPid(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
  } catch {
    // There is no /proc.
    return 0;
  }
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    // There is no /proc.
    return [];
  }
}

function entriesOf(all: readonly number[]): readonly ProcessEntry[] {
  return all.map(processEntry).filter((entry) => entry !== undefined);
}

/**
 * One process, or undefined when it has ended. Its name stands in brackets and may hold some, so
 * that fields are counted from the last one: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function processEntry(pid: number): ProcessEntry | undefined {
  const stat = readOf(pid, 'stat');
  if (stat === undefined) return undefined;
  const end = stat.lastIndexOf(')');
  const name = stat.slice(stat.indexOf('(') + 1, end);
  const [state, parent, group, ...rest] = stat.slice(end + 2).split(' ');
  // Zombie or dead: nothing but a number is left of it.
  if (state === 'Z' || state === 'X') return undefined;
  return new ProcessEntry(pid, Number(parent), Number(group), Number(rest[16]), name);
}

/** Undefined when it has ended, or belongs to another user and so to no job. */
function readOf(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return undefined;
  }
}

function kiB(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
}
