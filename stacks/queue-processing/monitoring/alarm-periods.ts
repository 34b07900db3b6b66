/** The periods of an alarm. */
export interface AlarmPeriods {
  readonly periodSeconds: number;
  /** Periods that CloudWatch evaluates. */
  readonly periods: number;
  /** Periods that must reach the threshold. */
  readonly breaching: number;
}

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400] as const;

/** How late a run and its metrics may be. */
const LATE_SECONDS = MINUTE;

/**
 * The longest time that all periods may cover, for periods below an hour and for others:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function longestSeconds(periodSeconds: number): number {
  return periodSeconds < HOUR ? DAY : 7 * DAY;
}

/** The same periods, lengthened so that each has a run of the scaler and its metrics. */
export function periodsWithRuns(
  gapSeconds: number,
  { periodSeconds, periods, breaching }: AlarmPeriods,
): AlarmPeriods {
  const each = Math.max(periodSeconds, gapSeconds + LATE_SECONDS);
  const possible = Math.min(periods, Math.floor(longestSeconds(each) / each));
  return { periodSeconds: each, periods: possible, breaching: Math.min(breaching, possible) };
}

/**
 * Periods of a run each that cover a number of seconds. At least two, because the cause may have
 * begun just before the first run.
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
 * Two periods, in each of which the scaler reports whether there is an image. Each is longer than
 * two gaps, if CloudWatch allows it. The second one after the first image then begins when the next
 * run has launched tasks and those had two minutes.
 */
export function periodsUntilFirstTasks(gapSeconds: number): AlarmPeriods {
  const enough = 2 * (gapSeconds + LATE_SECONDS) + MINUTE;
  const possible = longestSeconds(enough) / 2;
  return { periodSeconds: Math.min(enough, possible), periods: 2, breaching: 2 };
}
