import { setTimeout as delay } from 'node:timers/promises';

/** Time as the double of AWS sees it; tests bring a clock of their own. */
export interface Clock {
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  /** Rejects with an AbortError when the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, signal ? { signal } : {}),
};

/**
 * Plays the network around one request: half of the round trip there, the service's answer, the
 * other half back. An abort on the way back loses the answer, as it does on a real connection.
 */
export async function roundTrip<Answer>(
  clock: Clock,
  milliseconds: number,
  answer: () => Answer | Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  await clock.sleep(milliseconds / 2, signal);
  const given = await answer();
  await clock.sleep(milliseconds / 2, signal);
  return given;
}
