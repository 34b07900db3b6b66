import type { CircuitState } from './job/circuit';
import { EXIT_CODES, type SummaryLine } from './log-lines';
import type { DeliveriesEnd } from './queue/deliveries';
import type { Tally } from './tally';

/** How a worker ended, and the exit code that says so. */
export interface WorkerEnd {
  readonly reason: SummaryLine['reason'];
  readonly exitCode: number;
  /** Jobs that did not end when they were cancelled; a decoder may still be busy with each. */
  readonly abandonedJobs: number;
}

/** Why a worker ends that takes no more messages. */
export function reasonOf(
  end: DeliveriesEnd | undefined,
  circuit: CircuitState,
): WorkerEnd['reason'] {
  if (end === 'failing') return 'error';
  if (end === 'limit') return circuit === 'closed' ? 'job-limit' : 'outage';
  // The last part of a dataset, which an idle worker writes, may show that nothing can be written.
  return circuit === 'open' ? 'outage' : 'idle';
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

/** Part of the drain deadline reserved for the last requests, at most. */
const RELEASE_SECONDS = 5;
/**
 * Time that a cancelled job has to end, at most: a program has ten seconds from SIGTERM to SIGKILL,
 * and its folder must be removed.
 */
const END_SECONDS = 13;

/** Seconds from SIGTERM. */
export interface DrainTimes {
  /** When jobs that are still under way are cancelled. */
  readonly cancelJobs: number;
  /** When open polls are aborted, and cancelled jobs are no longer waited for. */
  readonly giveUp: number;
}

export function drainTimes(drainDeadlineSeconds: number): DrainTimes {
  const part = drainDeadlineSeconds / 4;
  const giveUp = drainDeadlineSeconds - Math.min(RELEASE_SECONDS, part);
  return { giveUp, cancelJobs: giveUp - Math.min(END_SECONDS, part) };
}
