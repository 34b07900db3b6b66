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

/** Processes that the kernel has killed for memory so far, by the first counter that there is. */
export function oomKills(read = (path: string) => readFileSync(path, 'latin1')): number {
  for (const path of COUNTERS) {
    const count = countOf(path, read);
    if (count !== undefined) return count;
  }
  return 0;
}

function countOf(path: string, read: (path: string) => string): number | undefined {
  try {
    const [, count] = /^oom_kill (\d+)$/m.exec(read(path)) ?? [];
    return count === undefined ? undefined : Number(count);
  } catch {
    // This system has no such file.
    return undefined;
  }
}
