import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MILLISECONDS = 20;

/**
 * Looks again until it finds something, which another process makes; the test's own time-out bounds
 * it. @returns what it found.
 */
export async function eventually<T>(
  find: () => T | Promise<T>,
): Promise<Exclude<T, false | undefined>> {
  for (;;) {
    const found = await find();
    if (found) return found as Exclude<T, false | undefined>;
    await delay(PAUSE_MILLISECONDS);
  }
}
