import { silenceOf } from './findings';

const AT = Date.UTC(2026, 0, 10, 12);
const ran = (minutesAgo: number) => ({
  lastRun: {
    at: AT - minutesAgo * 60_000,
    action: 'hold',
    because: 'nothing-visible',
    launched: 0,
  },
  unknown: {},
});

describe('a scaler is silent', () => {
  test.each<[string, string, Parameters<typeof silenceOf>[0], string | undefined]>([
    ['rate(1 minute)', 'not while a line may be late', ran(5), undefined],
    ['rate(1 minute)', 'after three missing runs', ran(6), '6 minutes'],
    ['rate(2 hours)', 'not while its schedule lets it', ran(360), undefined],
    ['rate(2 hours)', 'after three missing runs of a slow schedule', ran(363), '363 minutes'],
    ['cron(0/5 8-18 ? * MON-FRI *)', 'not on a Sunday', ran(40 * 60), undefined],
    ['rate(1 minute)', 'when it has not run for a day', { unknown: {} }, 'a day or more'],
    ['rate(8 hours)', 'not when a day is too short to tell', { unknown: {} }, undefined],
    [
      'rate(1 minute)',
      'not when its log cannot be read',
      { unknown: { lastRun: 'denied' } },
      undefined,
    ],
    [
      'rate(1 minute)',
      'not when a line has no time',
      { lastRun: { ...ran(0).lastRun, at: 0 }, unknown: {} },
      undefined,
    ],
  ])('with %s: %s', (schedule, _what, status, words) => {
    expect(silenceOf(status, schedule, AT)).toBe(words);
  });
});
