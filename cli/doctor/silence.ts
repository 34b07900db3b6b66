import { longestGapSeconds } from '../../stacks/config/rules/schedule-gap';
import { LOOK_BACK, type Status } from '../status/read-status';

const MINUTE = 60_000;
/** Runs that may be missing, and the milliseconds that a line needs into the log. */
const [MISSING_RUNS, LINE_DELAY] = [3, 2 * MINUTE] as const;

/**
 * How long a scaler has not run, in words; undefined while it runs as its schedule says, or when
 * that is unknown. A scaler that no longer runs writes no metric, and with no job in the queue no
 * alarm reports it.
 * @param at - milliseconds since the epoch.
 */
export function silenceOf(
  { lastRun, unknown }: Pick<Status, 'lastRun' | 'unknown'>,
  schedule: string,
  at: number,
): string | undefined {
  const most = MISSING_RUNS * (longestGapSeconds(schedule) ?? 0) * 1_000 + LINE_DELAY;
  // A line whose time cannot be read says at least that it ran in the time that was looked at.
  if (lastRun?.at === 0) return undefined;
  if (lastRun)
    return at - lastRun.at > most ? `${Math.floor((at - lastRun.at) / MINUTE)} minutes` : undefined;
  return unknown.lastRun === undefined && most < LOOK_BACK ? 'a day or more' : undefined;
}
