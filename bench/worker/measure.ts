import { readFileSync } from 'node:fs';

/** What one subject took. */
export interface Figures {
  readonly subject: string;
  readonly files: number;
  readonly seconds: number;
  /** User and system time of the whole process. */
  readonly cpuMilliseconds: number;
  readonly peakRssMiB: number;
}

/** Runs and times `work` in this process, which should do nothing else. */
export async function measure(subject: string, files: number, work: () => Promise<void>): Promise<Figures> {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { subject, files, seconds, cpuMilliseconds: (user + system) / 1000, peakRssMiB: peakRssMiB() };
}

/**
 * The high-water mark of this process alone where Linux tells it: `maxRSS` starts with what the parent held when it
 * forked.
 */
function peakRssMiB(): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line?.[1]) return Number(line[1]) / 1024;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return process.resourceUsage().maxRSS / 1024;
}
