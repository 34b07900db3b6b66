import { FakeClock } from '../../../../test/fakes/clock';
import { deliveryFacts } from '../../../../test/fakes/worker/fake-buckets';
import type { EventLine } from '../log';
import { JobReport, MAX_LOG_BYTES, PROGRESS_MILLISECONDS } from './job-report';

const SECONDS = PROGRESS_MILLISECONDS / 1000;

function reporting() {
  const lines: EventLine[] = [];
  const clock = new FakeClock();
  const log = (_level: string, line: unknown) => void lines.push(line as EventLine);
  const report = new JobReport('in/a.wav', deliveryFacts({ log, attempt: 2 }), clock);
  return { lines, clock, report, context: report.context(new AbortController().signal) };
}

describe('what a job says of itself', () => {
  test('is a line with its id and key, cut between two characters', () => {
    const { lines, context } = reporting();
    context.log('one');
    context.log('é'.repeat(MAX_LOG_BYTES));
    const of = { event: 'job-log', jobId: 'message-1', key: 'in/a.wav' };
    expect(lines).toEqual([
      { ...of, line: 'one' },
      { ...of, line: 'é'.repeat(MAX_LOG_BYTES / 2) },
    ]);
    expect(context).toMatchObject({ id: 'message-1', attempt: 2, maxAttempts: 3 });
  });

  test('is its progress at once, and then the latest of each interval', async () => {
    const { lines, clock, context } = reporting();
    for (const percent of [1, 2, 3]) context.progress(percent / 100, `frame ${percent}`);
    expect(lines.map(({ text }) => text)).toEqual(['frame 1']);
    await clock.advance(SECONDS);
    expect(lines.map(({ fraction }) => fraction)).toEqual([0.01, 0.03]);
    await clock.advance(3 * SECONDS);
    context.progress(0.5, 'half');
    expect(lines).toHaveLength(3);
  });

  test.each([
    [-1, 0],
    [Number.NaN, 0],
    [7, 1],
  ])('counts a fraction of %d as %d', (fraction, logged) => {
    const { lines, context } = reporting();
    context.progress(fraction, '');
    expect(lines).toMatchObject([{ event: 'progress', fraction: logged }]);
  });

  test('ends with the job', async () => {
    const { lines, clock, report, context } = reporting();
    context.progress(0.1, 'first');
    context.progress(0.2, 'second');
    report.end();
    await clock.advance(3 * SECONDS);
    expect(lines.map(({ text }) => text)).toEqual(['first']);
  });
});
