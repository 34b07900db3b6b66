import { METRIC_NAMESPACE } from '../../../application-code/worker/src/metrics';

/** The names by which CloudWatch knows a pipeline's metrics. */
export interface MonitoredPipeline {
  readonly environment: string;
  readonly pipeline: string;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly scalerName: string;
  /** Of the queue through which uploads wake it; absent: the schedule alone starts tasks. */
  readonly wakeQueueName?: string;
}

/** One metric of CloudWatch with the values of its dimensions. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * A metric in the log of the scaler or the worker; see `lambda/scaler/report.ts` and the worker's
 * `metrics.ts`.
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
