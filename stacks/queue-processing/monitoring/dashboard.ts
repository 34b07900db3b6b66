import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';
import type { TaskPrice } from '../../../contract/prices';
import { EnvironmentScope } from '../../iam/environment-scope';
import {
  type Metric,
  type MonitoredPipeline,
  queueMetric,
  spillwayMetric,
} from './pipeline-metrics';

/** Three widgets per row: the grid is 24 units wide. */
const WIDTH = 8;
const HEIGHT = 6;
const COLUMNS = 3;

export interface DashboardProps {
  readonly pipelines: readonly DashboardPipeline[];
}

/** The dashboard of an environment, with two rows for each pipeline. */
export class Dashboard extends Construct {
  /** Its address in the console. */
  readonly url: string;

  constructor(scope: Construct, id: string, { pipelines }: DashboardProps) {
    super(scope, id);
    const { environment, prefix: name } = EnvironmentScope.of(this);
    const { region } = environment;
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: name,
      dashboardBody: JSON.stringify({ widgets: arrangedWidgets(pipelines, region) }),
    });
    const home = `https://${region}.${consoleDomain(region)}/cloudwatch/home?region=${region}`;
    this.url = `${home}#dashboards/dashboard/${name}`;
  }
}

function arrangedWidgets(pipelines: readonly DashboardPipeline[], region: string) {
  const widgets = pipelines.flatMap((shown) => pipelineWidgets(shown, region));
  return widgets.map((widget, index) => ({
    ...widget,
    x: (index % COLUMNS) * WIDTH,
    y: Math.floor(index / COLUMNS) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
  }));
}

function consoleDomain(region: string): string {
  if (region.startsWith('cn-')) return 'console.amazonaws.cn';
  return region.startsWith('us-gov-') ? 'console.amazonaws-us-gov.com' : 'console.aws.amazon.com';
}

/** A pipeline on the dashboard. */
export interface DashboardPipeline extends MonitoredPipeline {
  readonly workerLogGroup: string;
  readonly price: TaskPrice;
}

/**
 * A widget without its position; see
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
interface Widget {
  readonly type: 'metric' | 'log' | 'text';
  readonly properties: Readonly<Record<string, unknown>>;
}

const MINUTE = 60;

/** One pipeline from left to right: backlog, tasks, results, costs. */
function pipelineWidgets(shown: DashboardPipeline, region: string): readonly Widget[] {
  const graph = ({ title, ...properties }: Graph): Widget => ({
    type: 'metric',
    properties: {
      title: `${shown.pipeline}: ${title}`,
      view: 'timeSeries',
      region,
      period: MINUTE,
      ...properties,
    },
  });
  return [
    ...[...queueGraphs(shown), tasksGraph(shown), filesGraph(shown)].map(graph),
    faultsByCode(shown, region),
    graph(costGraph(shown)),
  ];
}

interface Graph {
  readonly title: string;
  readonly metrics: readonly unknown[];
  readonly stacked?: boolean;
}

function queueGraphs({
  queueName,
  deadLetterQueueName,
  wakeQueueName,
}: DashboardPipeline): readonly Graph[] {
  const maximum = (queue: string, metric: string, label: string) =>
    line(queueMetric(queue, metric), { label, stat: 'Maximum' });
  return [
    {
      title: 'backlog and in-flight',
      metrics: [
        maximum(queueName, 'ApproximateNumberOfMessagesVisible', 'Backlog'),
        maximum(queueName, 'ApproximateNumberOfMessagesNotVisible', 'In-flight'),
        maximum(deadLetterQueueName, 'ApproximateNumberOfMessagesVisible', 'Dead letters'),
        ...(wakeQueueName ? [wakeUps(wakeQueueName)] : []),
      ],
    },
    {
      title: 'age of the oldest message, seconds',
      metrics: [maximum(queueName, 'ApproximateAgeOfOldestMessage', 'Oldest message')],
    },
  ];
}

/** What Lambda received: the sends are as many as the uploads. */
function wakeUps(queue: string) {
  return line(queueMetric(queue, 'NumberOfMessagesReceived'), { label: 'Wake-ups', stat: 'Sum' });
}

function tasksGraph(shown: DashboardPipeline): Graph {
  const maximum = (metric: string, label: string) =>
    line(spillwayMetric(shown, metric), { label, stat: 'Maximum' });
  return {
    title: 'tasks by state and provider',
    metrics: [
      maximum('RunningOnDemand', 'Running on FARGATE'),
      maximum('RunningSpot', 'Running on FARGATE_SPOT'),
      maximum('PendingOnDemand', 'Pending on FARGATE'),
      maximum('PendingSpot', 'Pending on FARGATE_SPOT'),
    ],
    stacked: true,
  };
}

function filesGraph(shown: DashboardPipeline): Graph {
  const done = spillwayMetric(shown, 'JobsDone');
  return {
    title: 'files per second',
    metrics: [
      // PERIOD is the displayed period, which CloudWatch lengthens for older times.
      computed('done / PERIOD(done)', 'Files per second'),
      line(done, { id: 'done', stat: 'Sum', visible: false }),
    ],
  };
}

function costGraph(shown: DashboardPipeline): Graph {
  const hidden = (metric: string, id: string) =>
    line(spillwayMetric(shown, metric), { id, stat: 'Average', visible: false });
  return {
    title: 'cost per hour of running tasks, US dollars',
    metrics: [
      computed(costExpression(shown.price), 'Dollars per hour'),
      hidden('RunningOnDemand', 'on_demand'),
      hidden('RunningSpot', 'spot'),
    ],
  };
}

/** An idle pipeline sends no metrics, and its tasks cost nothing. */
function costExpression({ onDemand, spot }: TaskPrice): string {
  return `FILL(on_demand, 0) * ${onDemand} + FILL(spot, 0) * ${spot}`;
}

/** Reads the worker's job lines; see its `log-lines.ts`. */
function faultsByCode({ pipeline, workerLogGroup }: DashboardPipeline, region: string): Widget {
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
