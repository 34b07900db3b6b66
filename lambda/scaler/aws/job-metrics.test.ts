import { fakePort } from '../../../test/fakes/aws-server';
import { MINUTE, NOW } from '../../../test/fakes/scaler/examples';
import { createJobMetrics } from './job-metrics';

const port = fakePort((options) =>
  createJobMetrics(options, { environment: 'dev', pipeline: 'photos' }),
);

const result = (
  Id: string,
  ...points: readonly (readonly [minutesAgo: number, sum: number])[]
) => ({
  Id,
  Timestamps: points.map(([ago]) => (NOW - ago * MINUTE) / 1_000),
  Values: points.map(([, sum]) => sum),
});
const answer = (...MetricDataResults: readonly object[]) => ({ body: { MetricDataResults } });

describe('the jobs of the last hour', () => {
  test('are what the workers of the pipeline wrote, by the minute', async () => {
    const metrics = await port.open({
      GetMetricData: () =>
        answer(result('jobs', [1, 40], [2, 30]), result('milliseconds', [2, 3_300], [1, 4_400])),
    });
    expect(await metrics.recent(NOW)).toEqual([
      { at: NOW - MINUTE, jobs: 40, milliseconds: 4_400 },
      { at: NOW - 2 * MINUTE, jobs: 30, milliseconds: 3_300 },
    ]);
    const Dimensions = [
      { Name: 'environment', Value: 'dev' },
      { Name: 'pipeline', Value: 'photos' },
    ];
    const stat = (MetricName: string) => ({
      MetricStat: {
        Metric: { Namespace: 'Spillway', MetricName, Dimensions },
        Period: 60,
        Stat: 'Sum',
      },
    });
    expect(port.calls()[0]?.input).toMatchObject({
      StartTime: (NOW - 60 * MINUTE) / 1_000,
      EndTime: NOW / 1_000,
      MetricDataQueries: [stat('JobsDone'), stat('JobMilliseconds')],
    });
  });

  test('do not exist where no worker wrote any', async () => {
    const metrics = await port.open({ GetMetricData: () => answer(result('jobs')) });
    expect(await metrics.recent(NOW)).toEqual([]);
  });

  test('are without a minute of which only one figure has arrived', async () => {
    const metrics = await port.open({
      GetMetricData: () =>
        answer(result('jobs', [1, 40], [2, 30]), result('milliseconds', [2, 99])),
    });
    expect(await metrics.recent(NOW)).toEqual([
      { at: NOW - 2 * MINUTE, jobs: 30, milliseconds: 99 },
    ]);
  });

  test('fails when CloudWatch refuses to tell', async () => {
    const metrics = await port.open({});
    await expect(metrics.recent(NOW)).rejects.toThrow();
  });
});
