import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { fakePort } from '../../test/fakes/aws-server';
import { createMetrics } from './metrics';

const { open, calls } = fakePort((options) => createMetrics(new CloudWatchClient(options)));
const FIRST = Date.UTC(2026, 0, 10, 12);
const SECOND = FIRST + 60_000;
const SPAN = { from: FIRST, to: FIRST + 3_600_000 };
const PHOTOS = { environment: 'dev', pipeline: 'photos' };

const series = (Id: string, values: readonly (readonly [at: number, value: number])[]) => ({
  Id,
  Timestamps: values.map(([at]) => at / 1_000),
  Values: values.map(([, value]) => value),
});

test('minutes of all pages are put together, with 0 for what has no data', async () => {
  const metrics = await open({
    GetMetricData: ({ NextToken }) =>
      NextToken === undefined
        ? {
            body: {
              NextToken: 'more',
              MetricDataResults: [
                series('jobs', [[SECOND, 7]]),
                series('onDemand', [[FIRST, 1]]),
                series('spot', [[FIRST, 3]]),
              ],
            },
          }
        : { body: { MetricDataResults: [series('milliseconds', [[SECOND, 900]])] } },
  });
  const none = { jobs: 0, milliseconds: 0, backlog: 0, inFlight: 0, tasks: 0 };
  expect(await metrics.minutes(PHOTOS, SPAN)).toEqual([
    { ...none, at: FIRST, tasks: 4 },
    { ...none, at: SECOND, jobs: 7, milliseconds: 900 },
  ]);
  expect(calls()).toHaveLength(2);
});

test('jobs are summed over workers, and what the scaler saw is averaged', async () => {
  const metrics = await open({ GetMetricData: () => ({ body: { MetricDataResults: [] } }) });
  expect(await metrics.minutes(PHOTOS, SPAN)).toEqual([]);
  const [{ input } = { input: {} }] = calls();
  const { MetricDataQueries = [] } = Object(input);
  const asked = MetricDataQueries.map(({ MetricStat: { Metric, Stat, Period } }: never) => [
    Object(Metric).MetricName,
    Stat,
    Period,
  ]);
  expect(asked).toEqual([
    ['JobsDone', 'Sum', 60],
    ['JobMilliseconds', 'Sum', 60],
    ['Backlog', 'Average', 60],
    ['InFlight', 'Average', 60],
    ['RunningOnDemand', 'Average', 60],
    ['RunningSpot', 'Average', 60],
  ]);
});
