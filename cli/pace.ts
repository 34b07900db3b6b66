import type { Session } from './session';

/** Lets at most so many things through a second; what comes at once goes at once, and the next one waits for it. */
export function paceOf(
  perSecond: number,
  { now, sleep }: Pick<Session, 'now' | 'sleep'>,
): (things: number) => Promise<void> {
  let free = now();
  return async (things) => {
    const at = now();
    const start = Math.max(at, free);
    free = start + (things * 1_000) / perSecond;
    if (start > at) await sleep(start - at);
  };
}
