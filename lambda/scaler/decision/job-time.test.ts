import fc from 'fast-check';
import { exampleActive, exampleStopped, MINUTE, NOW } from '../../../test/fakes/scaler/examples';
import type { JobMinute } from '../ports';
import { type ServiceEvidence, START_SECONDS, serviceOf } from './job-time';

const SETTINGS = { jobSeconds: 1, jobsAtATime: 12 };

/** A minute with a number of jobs, and the seconds that they took on average. */
const minute = (jobs: number, seconds: number, minutesAgo = 1): JobMinute => ({
  at: NOW - minutesAgo * MINUTE,
  jobs,
  milliseconds: jobs * seconds * 1_000,
});

const measure = (jobMinutes: readonly JobMinute[], evidence: Partial<ServiceEvidence> = {}) =>
  serviceOf({ at: NOW, active: [], stopped: [], jobMinutes, ...evidence }, SETTINGS);

const HOUR_LONG = 3_600;

describe('the time of a job is', () => {
  test.each<[string, readonly JobMinute[], number, number]>([
    ['the configured one before anything is measured', [], 1, 0],
    ['the configured one when no job was done', [minute(0, 0)], 1, 0],
    ['what the jobs of a minute took', [minute(2, 0.5)], 0.5, 2],
    [
      'what the newest jobs took, though older ones were as many',
      [minute(100, 0.1, 30), minute(100, 4)],
      4,
      200,
    ],
    [
      'what most jobs took, though the newest minute was slow',
      [minute(1_000, 0.1, 3), minute(100, 4)],
      0.1,
      1_100,
    ],
    [
      'not that of one job of an hour among thousands in its minute and before',
      [
        minute(3_000, 0.11, 2),
        { ...minute(3_000, 0.11), milliseconds: 330_000 + HOUR_LONG * 1_000 },
        minute(3_000, 0.11, 3),
      ],
      0.11,
      9_000,
    ],
    [
      'not that of one job of an hour in a minute with a few others',
      [minute(4, 900), ...[2, 3, 4, 5, 6, 7].map((ago) => minute(4, 0.11, ago))],
      0.11,
      28,
    ],
    [
      'the configured one when a single job of an hour is all there is',
      [minute(1, HOUR_LONG)],
      1,
      0,
    ],
    ['an hour when two such jobs have ended', [minute(2, HOUR_LONG)], HOUR_LONG, 2],
    ['the configured one when a few figures are old', [minute(100, 0.1, 45)], 1, 0],
    ['what many jobs took, even long ago', [minute(9_000, 0.1, 45)], 0.1, 9_000],
  ])('%s', (_what, minutes, jobSeconds, measured) => {
    const service = measure(minutes);
    expect(service.measured).toBe(measured);
    expect(service.jobSeconds).toBeCloseTo(jobSeconds, 9);
  });

  test('between the shortest and the longest figure, and in any order the same', () => {
    const minutes = fc.array(
      fc.record({
        at: fc.integer({ min: NOW - 60 * MINUTE, max: NOW + MINUTE }),
        jobs: fc.nat(5_000),
        milliseconds: fc.nat(9_000_000),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(minutes, (seen) => {
        const { jobSeconds } = measure(seen);
        const figures = seen
          .filter(({ jobs, milliseconds }) => jobs > 0 && milliseconds > 0)
          .map(({ jobs, milliseconds }) => milliseconds / jobs / 1_000);
        expect(jobSeconds).toBeGreaterThanOrEqual(Math.min(1, ...figures));
        expect(jobSeconds).toBeLessThanOrEqual(Math.max(1, ...figures));
        expect(measure([...seen].reverse()).jobSeconds).toBe(jobSeconds);
      }),
    );
  });
});

describe('the time of a start is', () => {
  const started = (seconds: number) =>
    exampleActive({ createdAt: NOW, startedAt: NOW + seconds * 1_000 });
  const { startedAt: _, ...pending } = exampleActive();

  test.each([
    ['assumed before a task has started', [pending], START_SECONDS],
    ['that of the only task that has started', [pending, started(25)], 25],
    [
      'the median, which one slow start does not move',
      [started(25), started(600), started(35)],
      35,
    ],
    ['never negative', [started(-5)], 0],
  ])('%s', (_what, active, seconds) => {
    expect(measure([], { active }).startSeconds).toBe(seconds);
  });

  test('that of tasks that have stopped, too', () => {
    const stopped = [exampleStopped({ createdAt: NOW - 90_000, startedAt: NOW - 50_000 })];
    expect(measure([], { stopped }).startSeconds).toBe(40);
  });
});

test('a task does as many jobs at a time as its settings say', () => {
  expect(measure([minute(100, 0.1)]).jobsAtATime).toBe(12);
});
