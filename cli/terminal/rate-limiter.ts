import type { Session } from './session';

const SECOND = 1_000;

interface RecentUse {
  readonly at: number;
  readonly things: number;
}

/**
 * Lets at most `perSecond` things through in any one second, evenly: the first ones go at once, and
 * the next ones wait. Things that come together, at most `perSecond`, go together.
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
    // A request to stop ends the sleep early.
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
