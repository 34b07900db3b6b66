import type { Clock } from '../clock';
import type { JobLine } from '../log-lines';
import { Stopwatch } from '../stopwatch';
import type { ProcessedSource } from '../workload/workload';

/** Milliseconds of each phase, over all rounds. */
export type Phases = Omit<NonNullable<JobLine['milliseconds']>, 'total'>;

/** What a job measured of one source object, as far as it came. */
export interface JobMeasures {
  readonly bytes?: number;
  readonly figures?: Readonly<Record<string, number>>;
  readonly phases?: Phases;
}

/**
 * Adds up what a job measures of one source object; a job that starts over spends its time twice.
 */
export class PhaseTimes {
  private bytes: number | undefined;
  private figures: Readonly<Record<string, number>> | undefined;
  private readonly stopwatch: Stopwatch<keyof Phases>;

  constructor(private readonly clock: Clock) {
    this.stopwatch = new Stopwatch(['wait', 'read', 'render', 'write'], () => clock.now());
  }

  source(bytes: number): void {
    this.bytes = bytes;
  }

  /** Adds what a workload says of its time, or all of it where it says nothing. */
  async process(work: () => Promise<ProcessedSource>): Promise<ProcessedSource> {
    const startedAt = this.clock.now();
    const processed = await work();
    const all = { wait: 0, read: 0, render: this.clock.now() - startedAt };
    const { figures, milliseconds = all } = processed;
    this.figures = figures;
    const sums = this.stopwatch.milliseconds;
    for (const phase of ['wait', 'read', 'render'] as const) sums[phase] += milliseconds[phase];
    return processed;
  }

  /** Adds what it takes to open the source to the reading. */
  open<T>(open: () => Promise<T>): Promise<T> {
    return this.stopwatch.measure('read', open);
  }

  write<T>(write: () => Promise<T>): Promise<T> {
    return this.stopwatch.measure('write', write);
  }

  measured(): JobMeasures {
    return {
      ...(this.bytes === undefined ? {} : { bytes: this.bytes }),
      ...(this.figures === undefined ? {} : { figures: this.figures }),
      phases: { ...this.stopwatch.milliseconds },
    };
  }
}
