import type { Session } from './session';

const SECOND = 1_000;

interface RecentUse {
  readonly at: number;
  readonly things: number;
}

/**
 * Lets at most so many things through in any one second, evenly: what comes at once goes at once,
 * and the next one waits for it. Things that come together, at most as many as a second may have,
 * go together.
 */
export function createRateLimiter(
  perSecond: number,
  { now, sleep }: Pick<Session, 'now' | 'sleep'>,
): (things: number) => Promise<void> {
  let free = now();
  /** Newest first. */
  let lately: readonly RecentUse[] = [];
  return async (things) => {
    const start = Math.max(now(), free, roomAt(lately, perSecond - things));
    free = start + (things * SECOND) / perSecond;
    const wait = Math.ceil(start - now());
    if (wait > 0) await sleep(wait);
    // Whoever asks to stop ends the sleep before its time.
    const at = Math.max(start, now());
    lately = [{ at, things }, ...lately.filter((gone) => gone.at > at - SECOND)];
  };
}

/** When the second before holds no more than `most`. */
function roomAt(lately: readonly RecentUse[], most: number): number {
  let sum = 0;
  const tooMany = lately.find((gone) => {
    sum += gone.things;
    return sum > most;
  });
  return tooMany === undefined ? 0 : tooMany.at + SECOND;
}
