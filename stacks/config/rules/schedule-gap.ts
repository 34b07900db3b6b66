import awsCron from 'aws-cron-parser';

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400] as const;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: HOUR, day: DAY };
/**
 * In seconds since the epoch: among the days of five years is each length of a month, and a 29
 * February.
 */
const [FIRST_DAY, DAYS] = [Date.UTC(2024, 0, 1) / 1_000, 5 * 365] as const;

/**
 * Longest time from one run of a schedule to the next, in seconds. Infinite when it ends, when it
 * never comes, or when it is made of `L`, `W` or `#`, which come once a month. Undefined when
 * EventBridge Scheduler takes no such expression.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function longestGapSeconds(expression: string): number | undefined {
  const fields = /^cron\(([0-9A-Z*?,/#-]+(?: [0-9A-Z*?,/#-]+){5})\)$/i.exec(expression)?.[1];
  return fields === undefined ? rateSeconds(expression) : cronGap(fields.toUpperCase());
}

function rateSeconds(expression: string): number | undefined {
  const rate = /^rate\((?:(1) (minute|hour|day)|([2-9]|[1-9]\d{1,5}) (minute|hour|day)s)\)$/.exec(
    expression,
  );
  const [, one, unit = '', many, units = ''] = rate ?? [];
  const seconds = UNITS[unit || units];
  return seconds && Number(one ?? many) * seconds;
}

function cronGap(fields: string): number | undefined {
  const [, , dayOfMonth, , dayOfWeek, year] = fields.split(' ');
  const isByMonth = dayOfWeek === '?';
  if (isByMonth === (dayOfMonth === '?')) return undefined;
  const cron = parsed(fields);
  if (!cron) return undefined;
  const days = isByMonth ? cron.daysOfMonth : cron.daysOfWeek;
  const numbers = [cron.minutes, cron.hours, cron.months].map((set) => set.map(Number));
  // The parser returns an empty set for a range that runs backwards, and NaN for a word that it
  // does not know.
  if ([...numbers, days].some((set) => set.length === 0 || set.some(Number.isNaN)))
    return undefined;
  if (year !== '*' || days.some((day) => typeof day === 'string')) return Number.POSITIVE_INFINITY;
  const [minutes = [], hours = [], months = []] = numbers;
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * HOUR + minute * MINUTE));
  const isDue = (day: Date) =>
    months.includes(day.getUTCMonth() + 1) &&
    // 1 is Sunday.
    days.includes(isByMonth ? day.getUTCDate() : day.getUTCDay() + 1);
  return longestBetween(
    times.sort((a, b) => a - b),
    isDue,
  );
}

/**
 * Undefined for what the parser does not take: it says so in words that are not those of the
 * configuration.
 */
function parsed(fields: string) {
  try {
    return awsCron.parse(fields);
  } catch {
    return undefined;
  }
}

/** @param times of each day, in seconds. */
function longestBetween(times: readonly number[], isDue: (day: Date) => boolean): number {
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  const days = Array.from({ length: DAYS }, (_, index) => FIRST_DAY + index * DAY);
  const due = days.filter((day) => isDue(new Date(day * 1_000)));
  const overnight = due.slice(1).map((day, index) => day + first - ((due[index] ?? day) + last));
  const within = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return overnight.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...overnight, ...within);
}
