/** Which periods an alarm looks at. */
export interface AlarmPeriods {
  readonly periodSeconds: number;
  /** Periods that are looked at. */
  readonly periods: number;
  /** Periods of those that must be at or above the threshold. */
  readonly breaching: number;
}

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400] as const;

/** How much later than its time a run and its metrics may come. */
const LATE_SECONDS = MINUTE;

/**
 * Longest that all periods may be together, for periods below an hour and for others:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function longestSeconds(periodSeconds: number): number {
  return periodSeconds < HOUR ? DAY : 7 * DAY;
}

/**
 * The same periods, longer where a schedule needs it, so that each of them has a run of the scaler
 * and its metrics.
 */
export function periodsWithRuns(
  gapSeconds: number,
  { periodSeconds, periods, breaching }: AlarmPeriods,
): AlarmPeriods {
  const each = Math.max(periodSeconds, gapSeconds + LATE_SECONDS);
  const possible = Math.min(periods, Math.floor(longestSeconds(each) / each));
  return { periodSeconds: each, periods: possible, breaching: Math.min(breaching, possible) };
}

/**
 * As many periods with a run each as last so long, two at least: what one run sees may have begun
 * just before it.
 */
export function periodsLasting(gapSeconds: number, seconds: number): AlarmPeriods {
  const { periodSeconds } = periodsWithRuns(gapSeconds, {
    periodSeconds: MINUTE,
    periods: 1,
    breaching: 1,
  });
  const count = Math.max(2, Math.ceil(seconds / periodSeconds));
  return periodsWithRuns(gapSeconds, { periodSeconds, periods: count, breaching: count });
}

/**
 * Two periods, in each of which the scaler says whether there is an image. After the first image
 * the later one begins when the next run has launched tasks and they had two minutes: it is longer
 * than two gaps, as far as CloudWatch looks back.
 */
export function periodsUntilFirstTasks(gapSeconds: number): AlarmPeriods {
  const enough = 2 * (gapSeconds + LATE_SECONDS) + MINUTE;
  const possible = longestSeconds(enough) / 2;
  return { periodSeconds: Math.min(enough, possible), periods: 2, breaching: 2 };
}
