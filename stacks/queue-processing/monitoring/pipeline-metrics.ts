import { METRIC_NAMESPACE } from '../../../application-code/worker/src/metrics';

/** A pipeline in the words of CloudWatch: whose metrics alarms and dashboard read. */
export interface MonitoredPipeline {
  readonly environment: string;
  readonly pipeline: string;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly scalerName: string;
}

/** One metric of CloudWatch with the values of its dimensions. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * A metric that the scaler or the worker writes into its log; see `lambda/scaler/report.ts` and the
 * worker's `metrics.ts`.
 */
export function spillwayMetric(
  { environment, pipeline }: MonitoredPipeline,
  metricName: string,
): Metric {
  return { namespace: METRIC_NAMESPACE, metricName, dimensions: { environment, pipeline } };
}

export function queueMetric(queueName: string, metricName: string): Metric {
  return { namespace: 'AWS/SQS', metricName, dimensions: { QueueName: queueName } };
}

export function scalerMetric({ scalerName }: MonitoredPipeline, metricName: string): Metric {
  return { namespace: 'AWS/Lambda', metricName, dimensions: { FunctionName: scalerName } };
}
