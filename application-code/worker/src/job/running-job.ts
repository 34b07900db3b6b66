import { type Fault, Interruption } from '../faults';
import { type JobRun, runJob, type SourceResult, withoutWork } from './job';
import type { MessageEntry } from './messages';

/** Why a job is ended early: it took too long, the worker drains, or its message is lost. */
export type JobEnd = 'timeout' | 'drain' | 'lost';

/** What a job runs with, beside what tells it to end. */
export interface RunningJobOptions extends Omit<JobRun, 'signal' | 'onWrite'> {
  /** Called when a cancelled job did not end. */
  readonly onStuck: (because: JobEnd) => void;
}

/** The job of one message while it runs: it can be told to end, and is not waited for forever. */
export class RunningJob {
  private readonly cancelled = new AbortController();
  private isOver = false;
  private begun = false;
  private stuckBecause: JobEnd | undefined;
  /** Ends the wait for a job that does not end. */
  private abandon: () => void = () => undefined;

  constructor(
    private readonly entries: readonly MessageEntry[],
    private readonly options: RunningJobOptions,
  ) {}

  /** Whether it has begun to write. */
  get hasWritten(): boolean {
    return this.begun;
  }

  /** Never rejects. To be called once. */
  async results(): Promise<readonly SourceResult[]> {
    const { signal } = this.cancelled;
    const { onStuck, ...run } = this.options;
    const abandoned = new Promise<undefined>((resolve) => {
      this.abandon = () => resolve(undefined);
    });
    const onWrite = () => {
      this.begun = true;
    };
    const results = await Promise.race([
      runJob(this.entries, { ...run, signal, onWrite }),
      abandoned,
    ]);
    this.isOver = true;
    if (results) return results;
    if (this.stuckBecause) onStuck(this.stuckBecause);
    return everySource(this.entries, (key) => resultOf(signal.reason, key));
  }

  /** Aborts the signal of the job. After the grace it is not waited for. */
  end(reason: Fault | Interruption, because: JobEnd, graceSeconds?: number): void {
    this.cancelled.abort(reason);
    if (graceSeconds === undefined) return;
    this.options.ports.clock.after(graceSeconds * 1000, () => {
      if (this.isOver) return;
      this.stuckBecause ??= because;
      this.abandon();
    });
  }
}

function resultOf(reason: Fault | Interruption, key: string): SourceResult {
  return reason instanceof Interruption
    ? { outcome: 'interrupted', key, because: reason.message }
    : { outcome: 'failed', key, fault: reason };
}

/** The same result for each source object of a message. */
export function everySource(
  entries: readonly MessageEntry[],
  result: (key: string) => SourceResult,
): readonly SourceResult[] {
  return entries.map((entry) => (entry.kind === 'source' ? result(entry.key) : withoutWork(entry)));
}
