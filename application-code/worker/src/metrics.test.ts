import { FakeClock } from '../../../test/fakes/clock';
import { jsonLog } from './log';
import type { JobLine } from './log-lines';
import { MetricWriter } from './metrics';
import { Tally } from './tally';

const done: JobLine = {
  event: 'job',
  outcome: 'done',
  messageId: 'm',
  receiveCount: 1,
  bytes: 1000,
  milliseconds: { wait: 0, read: 1, render: 2, write: 3, total: 7 },
};

function started() {
  const clock = new FakeClock();
  const tally = new Tally();
  const lines: Record<string, unknown>[] = [];
  const log = jsonLog('error', (line) => lines.push(JSON.parse(line)), clock);
  const metrics = new MetricWriter(tally, { environment: 'e', pipeline: 'p' }, log, clock);
  metrics.start();
  return { clock, tally, lines, metrics };
}

test('metrics are written every minute and at the end, at any log level', async () => {
  const { clock, tally, lines, metrics } = started();
  tally.job(done);
  tally.job({ ...done, outcome: 'dead-lettered' });
  await clock.advance(60);
  tally.job(done);
  tally.lostReceipt();
  await clock.advance(60);
  metrics.stop();
  await clock.advance(600);
  const gained = lines.map(
    ({ JobsDone, JobsDeadLettered, ReceiptsLost, SourceBytes, JobMilliseconds }) => [
      JobsDone,
      JobsDeadLettered,
      ReceiptsLost,
      SourceBytes,
      JobMilliseconds,
    ],
  );
  expect(gained).toEqual([
    [1, 1, 0, 1000, 7],
    [1, 0, 1, 1000, 7],
    [0, 0, 0, 0, 0],
  ]);
});

test('a metric line names every metric and dimension that it holds', () => {
  const { lines, metrics } = started();
  metrics.stop();
  const [line] = lines;
  const { _aws } = line as {
    _aws: { CloudWatchMetrics: [{ Dimensions: string[][]; Metrics: { Name: string }[] }] };
  };
  const [{ Dimensions, Metrics }] = _aws.CloudWatchMetrics;
  for (const { Name } of Metrics) expect(line?.[Name]).toBe(0);
  expect(Dimensions).toEqual([['environment', 'pipeline']]);
  expect(line).toMatchObject({ environment: 'e', pipeline: 'p', event: 'metrics' });
});
