/** A value at a time. */
export interface Point {
  /** Minutes since the beginning. */
  readonly minutes: number;
  readonly value: number;
}

/** How a line of values goes, after the first third, in which everything is still warming up. */
export interface Trend {
  /** Change of the value per minute, by least squares. */
  readonly perMinute: number;
  readonly mean: number;
  /** Over which the slope was taken. */
  readonly minutes: number;
}

/** @throws Error for fewer than three points in the last two thirds, which show no trend. */
export function trendOf(points: readonly Point[]): Trend {
  const end = points.at(-1)?.minutes ?? 0;
  const begin = points[0]?.minutes ?? 0;
  const late = points.filter(({ minutes }) => minutes >= begin + (end - begin) / 3);
  if (late.length < 3) throw new Error(`Expected at least 3 samples but there are ${late.length}.`);
  const meanMinutes = mean(late.map(({ minutes }) => minutes));
  const meanValue = mean(late.map(({ value }) => value));
  const covariance = mean(
    late.map(({ minutes, value }) => (minutes - meanMinutes) * (value - meanValue)),
  );
  const variance = mean(late.map(({ minutes }) => (minutes - meanMinutes) ** 2));
  return {
    perMinute: variance === 0 ? 0 : covariance / variance,
    mean: meanValue,
    minutes: end - (late[0]?.minutes ?? 0),
  };
}

/** Whether what has grown over the time of the trend is less than this share of the mean. */
export function isFlat({ perMinute, mean: average, minutes }: Trend, share: number): boolean {
  return perMinute * minutes <= share * average;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
