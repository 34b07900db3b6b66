import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ProcessEntry,
  processEntry,
  readProcessesAfter,
  readProcessTable,
} from './process-table';

/** By what the processes of one job are known. */
export interface JobMarks {
  /** Process group of its program. */
  readonly group: number;
  /** Folder of the job: no other job has it in its environment, or works in it. */
  readonly folder: string;
}

/** What a job had left. */
export interface Killed {
  /** Names of the processes that were still there. */
  readonly names: readonly string[];
  /** Those of them that no signal ends. */
  readonly left: readonly string[];
}

/** Between two looks at what was killed: a process takes a moment to end. */
const LOOK_MILLISECONDS = 10;
/** A process that no signal ends hangs in the kernel, and is left. */
const MOST_LOOKS = 500;

/**
 * The processes of one job: its process group, their descendants, and strays, which left both (by
 * `setsid`, and by outliving their parent) but still have the job's folder in their environment or
 * as their working folder. One that was seen once is known from then on. Where there is no `/proc`,
 * only the process group is known.
 */
export class JobProcesses {
  /** Start of each process that was seen, by its id. */
  private readonly seen = new Map<number, number>();
  private readonly since: number;
  private isLooked = false;

  /** To be made when the program has just been started. */
  constructor(private readonly marks: JobMarks) {
    this.since = processEntry(marks.group)?.startedAt ?? 0;
  }

  /** Those of a table of all processes that belong to the job. */
  among(table: readonly ProcessEntry[]): readonly ProcessEntry[] {
    this.isLooked = true;
    const members = new Map<number, ProcessEntry>();
    const add = (entry: ProcessEntry) => {
      members.set(entry.pid, entry);
      this.seen.set(entry.pid, entry.startedAt);
    };
    for (const entry of table) if (this.isMarked(entry)) add(entry);
    for (let before = -1; before < members.size; ) {
      before = members.size;
      for (const entry of table)
        if (!members.has(entry.pid) && members.has(entry.parent)) add(entry);
    }
    return [...members.values()];
  }

  /** Sends a signal to the process group; false when nothing is left of it. */
  signal(signal: NodeJS.Signals): boolean {
    try {
      return process.kill(-this.marks.group, signal);
    } catch {
      return false;
    }
  }

  /** Kills all that are left, and what they start meanwhile. */
  async kill(): Promise<Killed> {
    const killed = new Map<number, string>();
    for (let look = 0; ; look += 1) {
      this.signal('SIGKILL');
      // Most jobs are short and leave nothing: then a few processes are read instead of all.
      const { group } = this.marks;
      const left = this.among(this.isLooked ? readProcessTable() : readProcessesAfter(group));
      if (left.length === 0 || look === MOST_LOOKS)
        return { names: [...killed.values()], left: left.map(({ name }) => name) };
      for (const { pid, name } of left) {
        killed.set(pid, name);
        killOne(pid);
      }
      await sleep(LOOK_MILLISECONDS);
    }
  }

  private isMarked(entry: ProcessEntry): boolean {
    const { group, folder } = this.marks;
    if (entry.group === group || this.seen.get(entry.pid) === entry.startedAt) return true;
    return (
      entry.startedAt >= this.since &&
      (entry.environment.includes(`=${folder}/`) || isWithin(entry.workingFolder, folder))
    );
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself; the next look shows whether it has.
  }
}
