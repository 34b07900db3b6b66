import { TransientFault } from '../../worker/src/faults';
import { MIB } from '../definition';
import type { LogBudget } from './log-budget';
import { preferForOom } from './oom';
import type { ProcessEntry } from './process-table';
import type { Program } from './program';
import type { ProgressFile } from './progress-file';
import { sizeOf } from './scratch-disk';

const KIB = 1024;
/** More of them would keep the engine busy with counting. */
const MOST_FILES = 100_000;
/** More of them are a fork bomb, which would keep other programs from being started. */
const MOST_PROCESSES = 1_000;

/** What a task has once for all its jobs. */
export type Resource = 'memory' | 'disk';

export interface WatchedProgram {
  readonly program: Program;
  readonly budget: LogBudget;
  readonly progress: ProgressFile;
  /** Path of the job's folder. */
  readonly folder: string;
  readonly memoryMiB: number;
  readonly diskMiB: number;
  readonly log: (line: string) => void;
}

/** A running program under the eyes of the {@link Watch}. */
export class WatchedJob {
  /** Why it was killed. */
  excess: TransientFault | undefined;
  /** What another job has taken while this one ran. */
  readonly taken = new Set<Resource>();
  memoryMiB = 0;
  peakMemoryMiB = 0;
  diskBytes = 0;
  diskFiles = 0;
  private measureAgainAt = 0;

  constructor(private readonly job: WatchedProgram) {}

  get isOverMemory(): boolean {
    return this.memoryMiB > this.job.memoryMiB;
  }

  /** Once a second. */
  look(table: readonly ProcessEntry[]): void {
    const { program, budget, progress } = this.job;
    budget.refill();
    program.resume();
    this.tellLeftOut();
    progress.read();
    const members = program.processes.among(table);
    for (const { pid } of members) preferForOom(pid);
    this.memoryMiB = memoryOf(members, this.job.memoryMiB);
    this.peakMemoryMiB = Math.max(this.peakMemoryMiB, this.memoryMiB);
    if (this.isOverMemory) this.kill(this.memoryFault());
    if (members.length > MOST_PROCESSES)
      this.kill(
        fault(`The program has ${members.length} processes; at most ${MOST_PROCESSES} may run.`),
      );
  }

  /** Skipped while it would take more than a tenth of the time, unless a blame rests on it. */
  async measure(now: () => number, isForBlame: boolean): Promise<void> {
    const { folder, diskMiB } = this.job;
    const begun = now();
    if (begun < this.measureAgainAt && !isForBlame) return;
    const { bytes, files } = await sizeOf(folder, MOST_FILES);
    this.measureAgainAt = now() + (now() - begun) * 10;
    this.diskBytes = bytes;
    this.diskFiles = files;
    if (bytes > diskMiB * MIB)
      this.kill(
        fault(
          `The folder of the job takes ${Math.ceil(bytes / MIB)} MiB, but may take ${diskMiB}; ` +
            'give the task more ephemeral storage, or set jobDiskMiB of the workload.',
        ),
      );
    if (files > MOST_FILES)
      this.kill(fault(`The folder of the job holds more than ${MOST_FILES} files.`));
  }

  /** The last words, when the program has ended. */
  finish(): void {
    this.tellLeftOut();
    this.job.progress.read();
  }

  private tellLeftOut(): void {
    const notice = this.job.budget.takeNotice();
    if (notice) this.job.log(notice);
  }

  private kill(because: TransientFault): void {
    this.excess ??= because;
    this.job.program.kill();
  }

  private memoryFault(): TransientFault {
    return fault(
      `The program took ${this.memoryMiB} MiB of memory, but may take ${this.job.memoryMiB}; ` +
        'raise jobMemoryMiB of the workload, and the memory of the task with it.',
    );
  }
}

function fault(message: string): TransientFault {
  return new TransientFault('JobFailed', message);
}

/** Shared pages count once, where that decides. */
function memoryOf(members: readonly ProcessEntry[], boundMiB: number): number {
  const mib = (memory: (entry: ProcessEntry) => number) =>
    Math.ceil(members.reduce((sum, entry) => sum + memory(entry), 0) / KIB);
  const most = mib(({ memoryKiB }) => memoryKiB);
  return most <= boundMiB ? most : mib((entry) => entry.proportionalMemoryKiB);
}
