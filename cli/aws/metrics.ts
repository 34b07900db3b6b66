import { type CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { Metrics } from '../ports/account';

/** SQS sends its metrics every minute, some minutes late. */
const BACK_MILLISECONDS = 10 * 60_000;

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
  };
}
