import type { Machine } from './machine';
import type { JobSize } from './workload/recipe';

/** Memory that stays for the engine beside the jobs: Node, its connections and buffers. */
export const ENGINE_MIB = 128;

/**
 * A photo keeps one CPU busy for about 16 ms, and waits for three round trips of 25 ms, for memory
 * and for its turn. Ten slots are taken by an open poll. With 12 jobs a CPU both of two CPUs idled
 * for a tenth of the time; 24 cost more memory and CPU time than they gain (`bench/README.md`).
 */
const JOBS_PER_CPU = 20;

/** What decides how many jobs a task does at a time. */
export interface ConcurrencySettings {
  /** 0: as many as the machine and the size of a job allow. */
  readonly jobConcurrency: number;
  /** Absent: many jobs share a CPU. */
  readonly jobSize?: JobSize | undefined;
}

/** Jobs that a task works on at a time. */
export function jobsAtATime(settings: ConcurrencySettings, machine: Machine): number {
  const { jobConcurrency, jobSize } = settings;
  const most = jobSize && jobsOfSize(jobSize, machine);
  const wanted = jobConcurrency || most || JOBS_PER_CPU * machine.cpus;
  return Math.min(wanted, most ?? wanted);
}

/** How many jobs of this size a task does at a time, by its CPUs and its memory; at least one. */
export function jobsOfSize(size: JobSize, { cpus, memoryMiB }: Machine): number {
  const byMemory = (memoryMiB - ENGINE_MIB) / size.memoryMiB;
  return Math.max(1, Math.floor(Math.min(cpus / size.cpus, byMemory)));
}
