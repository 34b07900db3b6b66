import type { Machine } from './machine';
import type { JobSize } from './workload/recipe';

/** Memory that stays for the engine beside the jobs: Node, its connections and buffers. */
export const ENGINE_MIB = 128;

/** How many jobs of this size a task does at a time, by its CPUs and its memory; at least one. */
export function jobsOfSize(size: JobSize, { cpus, memoryMiB }: Machine): number {
  const byMemory = (memoryMiB - ENGINE_MIB) / size.memoryMiB;
  return Math.max(1, Math.floor(Math.min(cpus / size.cpus, byMemory)));
}
