import { isFlat, trendOf } from './slope';

const line = (value: (minutes: number) => number) =>
  Array.from({ length: 31 }, (_, minutes) => ({ minutes, value: value(minutes) }));

describe('the trend', () => {
  test('is the slope of the last two thirds, so that a warm-up does not count', () => {
    const trend = trendOf(line((minutes) => (minutes < 10 ? 10 * minutes : 100)));
    expect(trend).toEqual({ perMinute: 0, mean: 100, minutes: 20 });
    expect(isFlat(trend, 0.1)).toBe(true);
  });

  test('finds a leak under noise', () => {
    const trend = trendOf(line((minutes) => 100 + 2 * minutes + (minutes % 2 ? 5 : -5)));
    expect(trend.perMinute).toBeCloseTo(2, 1);
    expect(isFlat(trend, 0.1)).toBe(false);
  });

  test('calls what falls flat', () => {
    expect(isFlat(trendOf(line((minutes) => 100 - minutes)), 0.1)).toBe(true);
  });

  test('fails when there are too few samples', () => {
    expect(() => trendOf([{ minutes: 0, value: 1 }])).toThrow('at least 3 samples');
  });
});
