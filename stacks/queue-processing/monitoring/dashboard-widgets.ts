import { type Metric, type Monitored, queueMetric, spillwayMetric } from './pipeline-metrics';
import type { TaskPrice } from './task-price';

/** What one pipeline shows on the dashboard. */
export interface Shown extends Monitored {
  readonly workerLogGroup: string;
  readonly price: TaskPrice;
}

/**
 * A widget without its place; see
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export interface Widget {
  readonly type: 'metric' | 'log' | 'text';
  readonly properties: Readonly<Record<string, unknown>>;
}

const MINUTE = 60;

/** One pipeline from left to right: what waits, what runs, what comes out, what it costs. */
export function pipelineWidgets(shown: Shown, region: string): readonly Widget[] {
  const { pipeline } = shown;
  const work = (name: string) => queueMetric(shown.queueName, name);
  const own = (name: string) => spillwayMetric(shown, name);
  const graph = (what: string, metrics: readonly unknown[], properties = {}): Widget => ({
    type: 'metric',
    properties: {
      title: `${pipeline}: ${what}`,
      view: 'timeSeries',
      region,
      period: MINUTE,
      metrics,
      ...properties,
    },
  });
  return [
    graph('backlog and in-flight', [
      line(work('ApproximateNumberOfMessagesVisible'), { label: 'Backlog', stat: 'Maximum' }),
      line(work('ApproximateNumberOfMessagesNotVisible'), { label: 'In-flight', stat: 'Maximum' }),
      line(queueMetric(shown.deadLetterQueueName, 'ApproximateNumberOfMessagesVisible'), {
        label: 'Dead letters',
        stat: 'Maximum',
      }),
    ]),
    graph('age of the oldest message, seconds', [
      line(work('ApproximateAgeOfOldestMessage'), { label: 'Oldest message', stat: 'Maximum' }),
    ]),
    graph(
      'tasks by state and provider',
      [
        line(own('RunningOnDemand'), { label: 'Running on FARGATE', stat: 'Maximum' }),
        line(own('RunningSpot'), { label: 'Running on FARGATE_SPOT', stat: 'Maximum' }),
        line(own('PendingOnDemand'), { label: 'Pending on FARGATE', stat: 'Maximum' }),
        line(own('PendingSpot'), { label: 'Pending on FARGATE_SPOT', stat: 'Maximum' }),
      ],
      { stacked: true },
    ),
    graph('files per second', [
      // By the period that is shown, which CloudWatch lengthens for older times.
      computed('done / PERIOD(done)', 'Files per second'),
      line(own('JobsDone'), { id: 'done', stat: 'Sum', visible: false }),
    ]),
    faultsByCode(shown, region),
    graph('cost per hour of running tasks, US dollars', [
      computed(costExpression(shown.price), 'Dollars per hour'),
      line(own('RunningOnDemand'), { id: 'on_demand', stat: 'Average', visible: false }),
      line(own('RunningSpot'), { id: 'spot', stat: 'Average', visible: false }),
    ]),
  ];
}

/** A pipeline at rest sends no metrics, and costs nothing for tasks. */
function costExpression({ onDemand, spot }: TaskPrice): string {
  return `FILL(on_demand, 0) * ${onDemand} + FILL(spot, 0) * ${spot}`;
}

/** Reads the worker's job lines; see its `log-lines.ts`. */
function faultsByCode({ pipeline, workerLogGroup }: Shown, region: string): Widget {
  const query = [
    `SOURCE '${workerLogGroup}'`,
    'filter event = "job" and outcome = "dead-lettered"',
    'stats count(*) as jobs by faultCode',
    'sort jobs desc',
  ].join(' | ');
  return {
    type: 'log',
    properties: { title: `${pipeline}: dead-lettered jobs by fault`, view: 'table', region, query },
  };
}

function line(
  { namespace, metricName, dimensions }: Metric,
  rendering: Readonly<Record<string, unknown>>,
) {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), rendering];
}

function computed(expression: string, label: string) {
  return [{ expression, label }];
}
