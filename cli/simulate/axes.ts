/** A unit of time, by its seconds. */
export interface TimeUnit {
  readonly name: string;
  readonly seconds: number;
}

/** The unit of what is no time. */
export const NO_UNIT: TimeUnit = { name: '', seconds: 1 };

const SECONDS: TimeUnit = { name: 'seconds', seconds: 1 };
const UNITS: readonly TimeUnit[] = [
  SECONDS,
  { name: 'minutes', seconds: 60 },
  { name: 'hours', seconds: 3_600 },
  { name: 'days', seconds: 86_400 },
];

/** The largest unit of which an axis up to `seconds` has at least two. */
export function timeUnit(seconds: number): TimeUnit {
  return UNITS.findLast((unit) => seconds >= 2 * unit.seconds) ?? SECONDS;
}
