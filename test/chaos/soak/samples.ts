import { readdir, readFile } from 'node:fs/promises';
import type { Point } from './slope';

/** What one worker held over time. */
export interface WorkerSamples {
  readonly processId: number;
  readonly memoryMiB: Point[];
  readonly handles: Point[];
}

/** Looks at processes by `/proc`, which Linux alone has. */
export class Samples {
  private readonly workers = new Map<number, WorkerSamples>();
  private readonly startedAt = Date.now();

  async take(processIds: readonly number[]): Promise<void> {
    const minutes = (Date.now() - this.startedAt) / 60_000;
    for (const processId of processIds) {
      const seen = await look(processId);
      if (!seen) continue;
      const worker = this.workers.get(processId) ?? { processId, memoryMiB: [], handles: [] };
      this.workers.set(processId, worker);
      worker.memoryMiB.push({ minutes, value: seen.memoryMiB });
      worker.handles.push({ minutes, value: seen.handles });
    }
  }

  /** Of the worker that was seen most often. */
  get longest(): WorkerSamples | undefined {
    return [...this.workers.values()].sort((a, b) => b.handles.length - a.handles.length)[0];
  }
}

/** Undefined for a process that has ended. */
async function look(
  processId: number,
): Promise<{ memoryMiB: number; handles: number } | undefined> {
  try {
    const status = await readFile(`/proc/${processId}/status`, 'utf8');
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    const handles = (await readdir(`/proc/${processId}/fd`)).length;
    return kibibytes === undefined ? undefined : { memoryMiB: Number(kibibytes) / 1024, handles };
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}
