import {
  type CloudWatchClient,
  GetMetricStatisticsCommand,
  type MetricDataQuery,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import type { Metrics, PipelineMinute } from '../ports/account';

/** SQS sends its metrics every minute, some minutes late. */
const BACK_MILLISECONDS = 10 * 60_000;

/** What workers and scaler write, by the ids of the queries. */
const OF_PIPELINE = {
  jobs: ['JobsDone', 'Sum'],
  milliseconds: ['JobMilliseconds', 'Sum'],
  backlog: ['Backlog', 'Average'],
  inFlight: ['InFlight', 'Average'],
  onDemand: ['RunningOnDemand', 'Average'],
  spot: ['RunningSpot', 'Average'],
} as const;

export function createMetrics(client: CloudWatchClient): Metrics {
  return {
    async oldestMessageSeconds(queueName, now) {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateAgeOfOldestMessage',
          Dimensions: [{ Name: 'QueueName', Value: queueName }],
          StartTime: new Date(now - BACK_MILLISECONDS),
          EndTime: new Date(now),
          Period: 60,
          Statistics: ['Maximum'],
        }),
      );
      const at = (time: Date | undefined) => time?.getTime() ?? 0;
      const [newest] = [...Datapoints].sort((a, b) => at(b.Timestamp) - at(a.Timestamp));
      return newest?.Maximum;
    },

    async minutes(pipeline, { from, to }) {
      const found = new Map<number, Partial<Record<string, number>>>();
      // A page has at most 100,800 values:
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
      const query = {
        StartTime: new Date(from),
        EndTime: new Date(to),
        MetricDataQueries: Object.entries(OF_PIPELINE).map(([Id, [name, stat]]) =>
          queryOf({ Id, name, stat }, pipeline),
        ),
      };
      for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, query))
        for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults)
          for (const [index, time] of Timestamps.entries()) {
            const at = time.getTime();
            found.set(at, { ...found.get(at), [Id]: Values[index] ?? 0 });
          }
      return [...found].map(minuteOf).sort((one, other) => one.at - other.at);
    },
  };
}

function queryOf(
  { Id, name, stat }: { Id: string; name: string; stat: string },
  dimensions: Readonly<Record<'environment' | 'pipeline', string>>,
): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: 'Spillway', MetricName: name, Dimensions };
  return { Id, MetricStat: { Metric, Period: 60, Stat: stat } };
}

/** A minute without data of a metric has none of what it counts. */
function minuteOf([at, values]: readonly [number, Partial<Record<string, number>>]) {
  const { jobs = 0, milliseconds = 0, backlog = 0, inFlight = 0, onDemand = 0, spot = 0 } = values;
  return { at, jobs, milliseconds, backlog, inFlight, tasks: onDemand + spot } as PipelineMinute;
}
