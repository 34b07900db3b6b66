import type { Clock } from '../../worker/src/clock';
import { Interruption } from '../../worker/src/faults';
import { readProcessTable } from './process-table';
import { isFull, type Room, roomAt } from './scratch-disk';
import type { Resource, WatchedJob } from './watched-job';

export interface WatchSeams {
  readonly clock: Clock;
  /** Folder of the scratch volume. */
  readonly scratch: string;
  readonly roomAt?: (folder: string) => Room;
  readonly readTable?: typeof readProcessTable;
}

const EACH_MILLISECONDS = 1_000;

/**
 * Looks at all running programs each second: what memory and disk they take, and whether what runs
 * short was taken by another job. Memory and disk are one for the whole task, so that a job can
 * fail by a neighbour's fault: then it must not be blamed.
 */
export class Watch {
  private readonly jobs = new Set<WatchedJob>();
  private cancel: (() => void) | undefined;
  private isLooking = false;

  constructor(private readonly seams: WatchSeams) {}

  add(job: WatchedJob): void {
    this.jobs.add(job);
    this.schedule();
  }

  remove(job: WatchedJob): void {
    this.jobs.delete(job);
    if (this.jobs.size > 0) return;
    this.cancel?.();
    this.cancel = undefined;
  }

  /**
   * A step of a job whose program has not begun. If the disk is full, other jobs have filled it.
   * @throws Interruption then.
   */
  async prepare<T>(step: () => T): Promise<Awaited<T>> {
    try {
      return await step();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      await this.look();
      throw new Interruption('Other jobs of the task had filled the disk.');
    }
  }

  /** One look at everything. */
  async look(): Promise<void> {
    this.lookAtProcesses();
    const { now } = this.seams.clock;
    const room = this.room();
    const isDiskFull = isFull(room);
    await Promise.all([...this.jobs].map((job) => job.measure(now, isDiskFull)));
    const { freeFiles } = room;
    if (isDiskFull)
      this.findTaken('disk', (job) => (freeFiles === 0 ? job.diskFiles : job.diskBytes));
  }

  /** Whether the scratch volume has no room, whichever job has filled it. */
  isDiskFull(): boolean {
    return isFull(this.room());
  }

  private room(): Room {
    const { scratch, roomAt: room = roomAt } = this.seams;
    return room(scratch);
  }

  private lookAtProcesses(): void {
    const { readTable = readProcessTable } = this.seams;
    const table = readTable();
    for (const job of this.jobs) job.look(table);
    if ([...this.jobs].some(({ isOverMemory }) => isOverMemory))
      this.findTaken('memory', ({ memoryMiB }) => memoryMiB);
  }

  /** Only the job that takes most is to blame. */
  private findTaken(resource: Resource, amountOf: (job: WatchedJob) => number): void {
    const [most, ...others] = [...this.jobs].sort((a, b) => amountOf(b) - amountOf(a));
    if (!most || amountOf(most) === 0) return;
    for (const job of others) job.taken.add(resource);
  }

  /** Unless a look is scheduled or under way already, or no program runs. */
  private schedule(): void {
    if (this.cancel || this.isLooking || this.jobs.size === 0) return;
    this.cancel = this.seams.clock.after(EACH_MILLISECONDS, () => void this.tick());
  }

  private async tick(): Promise<void> {
    this.cancel = undefined;
    this.isLooking = true;
    await this.look();
    this.isLooking = false;
    this.schedule();
  }
}
