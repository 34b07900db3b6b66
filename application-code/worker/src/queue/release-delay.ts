import { jittered } from '../clock';

/** Seconds before a job that was released for the first time is visible again, at most. */
const FIRST_RELEASE_DELAY_SECONDS = 2;
/** Longest delay. With eight attempts the last one comes about four minutes after the first. */
export const MAX_RELEASE_DELAY_SECONDS = 900;

/**
 * Seconds for which a job stays hidden after a transient fault. Doubles with every receive and is
 * drawn from the upper half of that: jobs that failed together do not return together, and no wait
 * is shorter than the one before.
 * @param receiveCount 1 on the first delivery.
 * @param random returns 0 to less than 1.
 */
export function releaseDelaySeconds(receiveCount: number, random: () => number): number {
  const ceiling = Math.min(
    MAX_RELEASE_DELAY_SECONDS,
    FIRST_RELEASE_DELAY_SECONDS * 2 ** (receiveCount - 1),
  );
  return Math.ceil(jittered(ceiling, random));
}
