import { readdirSync, readFileSync } from 'node:fs';

/**
 * Linux counts CPU time for programs in hundredths of a second on every architecture:
 * sysconf(_SC_CLK_TCK).
 */
const MILLISECONDS_PER_TICK = 10;

export interface ProcessCost {
  /** User and system time so far, of all threads and of all children, also those that ended. */
  readonly cpuMilliseconds: number;
  /** The high-water marks of the processes, added up. */
  readonly peakRssMiB: number;
}

/** What a process and its children have taken so far, as Linux tells it. */
export function costOf(pid: number): ProcessCost {
  const costs = processesOf(pid).map(costOfOne);
  return {
    cpuMilliseconds: costs.reduce((sum, { cpuMilliseconds }) => sum + cpuMilliseconds, 0),
    peakRssMiB: costs.reduce((sum, { peakRssMiB }) => sum + peakRssMiB, 0),
  };
}

function costOfOne(pid: number): ProcessCost {
  // The name in parentheses may hold spaces.
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime and cstime: the last two are of children that ended and were waited for.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpuMilliseconds: ticks * MILLISECONDS_PER_TICK,
    peakRssMiB: Number(peak ?? 0) / 1024,
  };
}

/** A process and its children. */
export function processesOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  return [pid, ...threads.flatMap((thread) => childrenOf(pid, thread))];
}

function childrenOf(pid: number, thread: string): number[] {
  try {
    const pids = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
    return pids.split(' ').filter(Boolean).map(Number);
  } catch (error) {
    // A thread that has ended since the threads were listed.
    if (isGone(error)) return [];
    throw error;
  }
}

/** Whether a process or a thread ended before its files were read. */
export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}
