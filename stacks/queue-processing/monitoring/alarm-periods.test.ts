import awsCron from 'aws-cron-parser';
import { queueProcessing, resourceAt } from '../../../test/fakes/stacks/queue-processing-in-stack';
import { longestGapSeconds } from '../../config/rules/schedule-gap';

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400] as const;
/** A Monday. */
const START = Date.UTC(2026, 10, 2) / 1_000;
const DAYS = 21;

/** Values by their second. */
type Points = readonly (readonly [at: number, value: number])[];
type Metrics = Readonly<Record<string, Points>>;

interface Alarm {
  readonly periodSeconds: number;
  readonly periods: number;
  readonly breaching: number;
  readonly threshold: number;
  /** One period's value; undefined is missing, and not breaching. */
  readonly value: (period: Readonly<Record<string, number | undefined>>) => number | undefined;
}

const alarmOf = (id: string, schedule: string): Alarm => {
  const stack = queueProcessing({ pipelines: { photos: { schedule } } });
  const found = resourceAt(stack, 'aws_cloudwatch_metric_alarm', `pipeline-photos_alarms_${id}`);
  const queries = (found.metric_query ?? []) as readonly {
    metric?: { period: number };
    expression?: string;
  }[];
  expect(found.treat_missing_data).toBe('notBreaching');
  const shared = {
    periods: Number(found.evaluation_periods),
    breaching: Number(found.datapoints_to_alarm),
    threshold: Number(found.threshold),
  };
  if (queries.length === 0) {
    return { ...shared, periodSeconds: Number(found.period), value: ({ metric }) => metric };
  }
  // Every metric of an expression has the same period; a missing value makes a missing result.
  expect(queries.flatMap(({ expression }) => expression ?? [])).toEqual([
    'IF(FILL(no_image, 0) > 0, 0, age)',
  ]);
  const [periodSeconds = 0, ...others] = new Set(
    queries.flatMap(({ metric }) => metric?.period ?? []),
  );
  expect(others).toEqual([]);
  const value: Alarm['value'] = ({ age, no_image }) => ((no_image ?? 0) > 0 ? age && 0 : age);
  return { ...shared, periodSeconds, value };
};

/** CloudWatch at one moment: the greatest value of each period, in a window that slides. */
function goesOff(alarm: Alarm, metrics: Metrics, now: number): boolean {
  const breaching = Array.from({ length: alarm.periods }, (_, index) => {
    const end = now - index * alarm.periodSeconds;
    const greatest = Object.entries(metrics).map(([name, points]) => {
      const inside = points.filter(([told]) => told > end - alarm.periodSeconds && told <= end);
      return [
        name,
        inside.length === 0 ? undefined : Math.max(...inside.map(([, value]) => value)),
      ] as const;
    });
    return (alarm.value(Object.fromEntries(greatest)) ?? 0) >= alarm.threshold;
  });
  return breaching.filter(Boolean).length >= alarm.breaching;
}

/** The seconds at which the scaler runs; every other run is almost a minute late. */
function runsOf(schedule: string): readonly number[] {
  const end = START + DAYS * DAY;
  const late = (run: number, index: number) => run + (index % 2) * 55;
  const fields = /^cron\((.*)\)$/.exec(schedule)?.[1];
  if (fields === undefined) {
    const gap = gapOf(schedule);
    return Array.from(
      { length: Math.floor((end - START) / gap) },
      (_, index) => START + index * gap,
    ).map(late);
  }
  const runs: number[] = [];
  const cron = awsCron.parse(fields);
  let next = awsCron.next(cron, new Date(START * 1_000));
  while (next && next.getTime() / 1_000 < end) {
    runs.push(next.getTime() / 1_000);
    next = awsCron.next(cron, next);
  }
  return runs.map(late);
}

const gapOf = (schedule: string) => longestGapSeconds(schedule) ?? 0;

/** Moments from `from` to `to`, close enough to miss no state of an alarm. */
function moments(from: number, to: number, schedule: string): readonly number[] {
  const step = Math.max(MINUTE, Math.floor(gapOf(schedule) / 12 / MINUTE) * MINUTE);
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);
}

/** The age of a message that waits since the start, every few minutes. */
const ageUntil = (end: number, schedule: string): Points =>
  moments(START, end, schedule).map((now) => [now, now - START]);

const SCHEDULES = [
  'rate(1 minute)',
  'rate(4 minutes)',
  'rate(10 minutes)',
  'rate(1 hour)',
  'rate(8 hours)',
  'rate(1 day)',
  'cron(0/20 8-18 ? * MON-FRI *)',
  'rate(3 days)',
];

describe.each(SCHEDULES)('with the schedule %s', (schedule) => {
  const gap = gapOf(schedule);
  const runs = runsOf(schedule);
  const end = START + Math.min(DAYS * DAY, 40 * gap + 6 * HOUR);
  const oldest = alarmOf('oldest-message', schedule);
  const idle = alarmOf('idle-backlog', schedule);
  const untilEnd = runs.filter((run) => run < end);

  test('CloudWatch takes the periods of every alarm', () => {
    for (const { periodSeconds, periods } of [oldest, idle, alarmOf('no-room', schedule)]) {
      expect(periodSeconds % MINUTE).toBe(0);
      expect(periodSeconds * periods).toBeLessThanOrEqual(periodSeconds < HOUR ? DAY : 7 * DAY);
    }
  });

  test('messages that wait for the first image never set off oldest-message', () => {
    const metrics = {
      age: ageUntil(end, schedule),
      no_image: untilEnd.map((run) => [run, 1] as const),
    };
    const first = runs[0] ?? 0;
    const off = moments(first, end, schedule).filter((now) => goesOff(oldest, metrics, now));
    expect(off).toEqual([]);
  });

  test('oldest-message goes off when a job waits too long, even if the scaler does not run', () => {
    const age = ageUntil(end, schedule);
    // The last period but one must breach, too, and the age is reported every few minutes.
    const late = START + oldest.threshold + oldest.periodSeconds + gap / 6;
    // Well before SQS drops it.
    expect(late).toBeLessThan(START + 8 * DAY);
    for (const said of [[], untilEnd.map((run) => [run, 0] as const)]) {
      expect(goesOff(oldest, { age, no_image: said }, late)).toBe(true);
    }
  });

  test('idle-backlog goes off when no run starts a task', () => {
    const metric = untilEnd.map((run) => [run, 1] as const);
    const now = runs.find((run) => run >= START + idle.periods * idle.periodSeconds) ?? 0;
    expect(goesOff(idle, { metric }, now)).toBe(true);
  });

  test('idle-backlog ignores a single run', () => {
    const [run = 0] = runs;
    const metric = [[run, 1] as const];
    expect(
      moments(run, run + 3 * idle.periodSeconds, schedule).some((now) =>
        goesOff(idle, { metric }, now),
      ),
    ).toBe(false);
  });

  test('no-room goes off when no run finds room', () => {
    const metric = untilEnd.map((run) => [run, 1] as const);
    const alarm = alarmOf('no-room', schedule);
    const now = runs.find((run) => run >= START + alarm.periods * alarm.periodSeconds) ?? 0;
    expect(goesOff(alarm, { metric }, now)).toBe(true);
  });
});

// For longer gaps, the week that CloudWatch looks back is too short.
describe.each(SCHEDULES.filter((schedule) => gapOf(schedule) < 41 * HOUR))(
  'with %s',
  (schedule) => {
    test('messages that waited for the first image set off nothing while its tasks start', () => {
      const alarm = alarmOf('oldest-message', schedule);
      const gap = gapOf(schedule);
      const runs = runsOf(schedule);
      // Promoted just after a punctual run: the next run is as far away as possible.
      const promoted =
        runs.find((run, index) => index % 2 === 0 && run >= START + alarm.threshold + gap) ?? 0;
      const taken = (runs.find((run) => run > promoted) ?? 0) + 2 * MINUTE;
      const no_image = runs.filter((run) => run <= promoted).map((run) => [run, 1] as const);
      const metrics = { age: ageUntil(taken, schedule), no_image };
      const off = moments(promoted, taken + 3 * alarm.periodSeconds, schedule);
      expect(off.filter((now) => goesOff(alarm, metrics, now))).toEqual([]);
    });
  },
);
