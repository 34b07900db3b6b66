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
