import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Environment } from '../environment';
import type { JobMetrics, JobMinute } from '../ports';

const MINUTE = 60_000;
/** Older figures would hardly count. */
const WINDOW = 60 * MINUTE;
/** A line of metrics says both of the same jobs; see the worker's `metrics.ts`. */
const METRICS = { jobs: 'JobsDone', milliseconds: 'JobMilliseconds' };

/**
 * The workers' own metrics, from CloudWatch, which bills each metric of a call. The client is made
 * when it is asked first, since most policies never ask.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export function createJobMetrics(
  options: CloudWatchClientConfig,
  pipeline: Pick<Environment, 'environment' | 'pipeline'>,
): JobMetrics {
  let client: CloudWatchClient | undefined;
  return {
    async recent(now) {
      client ??= new CloudWatchClient(options);
      const { MetricDataResults = [] } = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(now - WINDOW),
          EndTime: new Date(now),
          MetricDataQueries: Object.entries(METRICS).map(([id, name]) => query(id, name, pipeline)),
        }),
      );
      return minutesOf(MetricDataResults);
    },
  };
}

function query(
  Id: string,
  MetricName: string,
  { environment, pipeline }: Pick<Environment, 'environment' | 'pipeline'>,
): MetricDataQuery {
  const Dimensions = Object.entries({ environment, pipeline }).map(([Name, Value]) => ({
    Name,
    Value,
  }));
  const Metric = { Namespace: 'Spillway', MetricName, Dimensions };
  return { Id, MetricStat: { Metric, Period: MINUTE / 1_000, Stat: 'Sum' } };
}

/** A minute of which one figure is missing is left out. */
function minutesOf(results: readonly MetricDataResult[]): readonly JobMinute[] {
  const [jobs, milliseconds] = Object.keys(METRICS).map((id) =>
    sumsOf(results.find((result) => result.Id === id)),
  );
  return [...(jobs ?? [])].flatMap(([at, count]) => {
    const sum = milliseconds?.get(at);
    return sum === undefined ? [] : { at, jobs: count, milliseconds: sum };
  });
}

/** Milliseconds since the epoch to the sum of that minute. */
function sumsOf({ Timestamps = [], Values = [] }: MetricDataResult = {}): Map<number, number> {
  return new Map(Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0]));
}
