import type { Pipeline } from '../ports';

/**
 * Runs the scaler once, now, as its schedule does every minute.
 * @returns what its handler returned.
 * @throws Error with the function's own message when it failed.
 */
export async function invokeScaler(_pipeline: Pipeline, _now: Date = new Date()): Promise<unknown> {
  throw new Error('not built yet');
}
