import { EXIT_CODES, type SummaryLine } from './log-lines';
import type { Tally } from './tally';

/** How a worker ended, and the exit code that says so. */
export interface WorkerEnd {
  readonly reason: SummaryLine['reason'];
  readonly exitCode: number;
  /** Jobs that did not end when they were cancelled; a decoder may still be busy with each. */
  readonly abandonedJobs: number;
}

export function exitCodeOf(reason: WorkerEnd['reason'], tally: Tally): number {
  switch (reason) {
    case 'outage':
      return EXIT_CODES.destinationFailing;
    case 'error':
    case 'job-timeout':
      return failureCode(tally);
    default:
      return EXIT_CODES.ok;
  }
}

/** Exit code of a worker that failed: it depends on whether it had finished a job before. */
export function failureCode(tally: Tally): number {
  return tally.counts.outcomes.done > 0 ? EXIT_CODES.errorAfterProgress : EXIT_CODES.error;
}
