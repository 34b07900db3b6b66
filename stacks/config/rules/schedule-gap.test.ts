import awsCron from 'aws-cron-parser';
import { longestGapSeconds } from './schedule-gap';

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400] as const;

describe('the longest gap of a schedule', () => {
  test.each([
    ['rate(1 minute)', MINUTE],
    ['rate(90 minutes)', 90 * MINUTE],
    ['rate(1 hour)', HOUR],
    ['rate(12 hours)', 12 * HOUR],
    ['rate(3 days)', 3 * DAY],
    ['cron(* * * * ? *)', MINUTE],
    ['cron(0/5 * * * ? *)', 5 * MINUTE],
    ['cron(0/7 * * * ? *)', 7 * MINUTE],
    // From 18:55 on Friday to Monday.
    ['cron(0/5 8-18 ? * MON-FRI *)', 2 * DAY + 13 * HOUR + 5 * MINUTE],
    ['cron(30 6,22 ? * 1-7 *)', 16 * HOUR],
    ['cron(0 12 1/2 * ? *)', 2 * DAY],
    // From the 28th or 29th of February.
    ['cron(0 0 1,4,7,10,13,16,19,22,25,28 * ? *)', 4 * DAY],
    ['cron(0 0 * 1-11 ? *)', 32 * DAY],
  ])('%s is %i seconds', (expression, seconds) => {
    expect(longestGapSeconds(expression)).toBe(seconds);
  });

  test.each([
    'cron(0 0 L * ? *)',
    'cron(0 0 15W * ? *)',
    'cron(0 0 ? * 6#3 *)',
    'cron(0 0 ? * FRIL *)',
    'cron(* * * * ? 2030)',
    'cron(0 0 30 2 ? *)',
  ])('of %s is infinite', (expression) => {
    expect(longestGapSeconds(expression)).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(2 weeks)',
    'cron(* * * * * *)',
    'cron(* * ? * ? *)',
    'cron(99 * * * ? *)',
    'cron(* 22-2 * * ? *)',
    'cron(X * * * ? *)',
    'cron(* * * ? *)',
    '* * * * ? *',
  ])('%s is no schedule', (expression) => {
    expect(longestGapSeconds(expression)).toBeUndefined();
  });

  test.each(['0/7 3-5 ? * TUE,SAT *', '0 0 1,15 * ? *'])(
    'of %s is the longest among its runs of four years',
    (fields) => {
      const cron = awsCron.parse(fields);
      const end = new Date('2028-01-10');
      let [run, longest] = [new Date('2023-12-30'), 0];
      for (let next = awsCron.next(cron, run); next && next < end; next = awsCron.next(cron, run)) {
        if (run.getUTCFullYear() > 2023)
          longest = Math.max(longest, (next.getTime() - run.getTime()) / 1_000);
        run = next;
      }
      expect(longestGapSeconds(`cron(${fields})`)).toBe(longest);
    },
  );
});
