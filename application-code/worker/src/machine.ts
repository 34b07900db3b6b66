import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';

/** The part of the machine that the process may use. */
export interface Machine {
  /** CPUs, at least 1; a quota of half a CPU counts as one. */
  readonly cpus: number;
  /** MiB of memory that it may use. */
  readonly memoryMiB: number;
}

/** CPU quota of the control group. Version 2 has both numbers in one file. No file: no quota. */
const QUOTA_FILES = [
  ['/sys/fs/cgroup/cpu.max'],
  ['/sys/fs/cgroup/cpu/cpu.cfs_quota_us', '/sys/fs/cgroup/cpu/cpu.cfs_period_us'],
] as const;

/** Node counts the machine's CPUs. The control group has the container's share of them. */
export function thisMachine(
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Machine {
  const quota = QUOTA_FILES.map((files) => quotaOf(files, readFile)).find(
    (cpus) => cpus !== undefined,
  );
  const cpus = Math.max(
    1,
    Math.min(availableParallelism(), Math.ceil(quota ?? Number.POSITIVE_INFINITY)),
  );
  const bytes = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem());
  return { cpus, memoryMiB: Math.floor(bytes / 2 ** 20) };
}

function quotaOf(files: readonly string[], readFile: (path: string) => string): number | undefined {
  try {
    const [quota, period] = files.flatMap((file) => readFile(file).trim().split(/\s+/)).map(Number);
    const cpus = (quota ?? 0) / (period ?? 0);
    return cpus > 0 && Number.isFinite(cpus) ? cpus : undefined;
  } catch {
    return undefined;
  }
}
