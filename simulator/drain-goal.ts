import { duration } from '../text/units';
import { pluralize } from '../text/words';
import type { Outcome } from './outcome';
import type { Scenario } from './scenario';

/** A time within which a pipeline cannot drain, and what keeps it from that. */
export interface MissedGoal {
  readonly minutes: number;
  /** Names of the limits, such as `max-tasks`. */
  readonly because: readonly string[];
  /** For a person, with what to do. */
  readonly sentence: string;
}

/**
 * Whether a limit has kept `drain-within` from its time. Until its tasks have started nothing is
 * done, so that they may take a run of the scaler and a start longer; without a limit it is late by
 * no more than a task makes up for.
 * @returns undefined under another policy, and where the time was kept or nothing limits it.
 */
export function missedGoal(
  { settings, figures, runEverySeconds }: Scenario,
  { waitSeconds, drainedSeconds, objects, limits }: Outcome,
): MissedGoal | undefined {
  const { scaling } = settings;
  if (scaling.policy !== 'drain-within' || limits.length === 0 || objects.arrived === 0)
    return undefined;
  const { minutes } = scaling;
  const { p95 = Number.POSITIVE_INFINITY } = waitSeconds;
  const latest = minutes * 60 + runEverySeconds + figures.startSeconds;
  if (drainedSeconds !== undefined && p95 <= latest) return undefined;
  const waited =
    drainedSeconds === undefined
      ? 'some objects are not done at all'
      : `one object of twenty waits for more than ${duration(p95)}`;
  return {
    minutes,
    because: limits.map(({ what }) => what),
    sentence:
      `the policy drain-within cannot keep its ${pluralize(minutes, 'minute')}: ${waited}. ` +
      `${limits.map(({ advice }) => advice).join(' ')} Or allow more minutes ` +
      '(scaling.minutes).',
  };
}
