import { readFileSync, writeFileSync } from 'node:fs';

/** The highest: https://docs.kernel.org/filesystems/proc.html#proc-pid-oom-adj-proc-pid-oom-score-adj */
const FIRST_TO_KILL = '1000';

/** When memory runs out, the kernel takes this process and its children before the engine. */
export function preferForOom(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, FIRST_TO_KILL);
  } catch {
    // It has ended, or there is no /proc.
  }
}

/**
 * Where Linux counts the processes that it has killed for memory: in the control group, by its
 * version, and on the whole machine, which a Fargate task has for itself.
 * https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
 */
const COUNTERS = [
  '/sys/fs/cgroup/memory.events',
  '/sys/fs/cgroup/memory/memory.oom_control',
  '/proc/vmstat',
];

/** Processes that the kernel has killed for memory so far. */
export function oomKills(read = (path: string) => readFileSync(path, 'latin1')): number {
  return Math.max(0, ...COUNTERS.map((path) => countOf(path, read)));
}

function countOf(path: string, read: (path: string) => string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(read(path))?.[1] ?? 0);
  } catch {
    // This system has no such file.
    return 0;
  }
}
