import { queueProcessing } from '../../../test/fakes/stacks/queue-processing-in-stack';
import { onlyOf } from '../../../test/fakes/stacks/synthesised';

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly query?: string;
    readonly metrics?: readonly unknown[][];
  };
}

const widgetsOf = ({ resources }: ReturnType<typeof queueProcessing>): readonly Placed[] =>
  JSON.parse(`${onlyOf(resources, 'aws_cloudwatch_dashboard').dashboard_body}`).widgets;
const two = queueProcessing({
  pipelines: { photos: {}, scans: { sourcePrefix: 'scans/', destinationPrefix: 'thumbs/' } },
});

describe('the dashboard', () => {
  const widgets = widgetsOf(queueProcessing());
  const titled = (what: string) =>
    widgets.find(({ properties }) => properties.title.includes(what));

  test('shows backlog, tasks, results and costs', () => {
    expect(widgets.map(({ properties }) => properties.title)).toEqual([
      'photos: backlog and in-flight',
      'photos: age of the oldest message, seconds',
      'photos: tasks by state and provider',
      'photos: files per second',
      'photos: dead-lettered jobs by fault',
      'photos: cost per hour of running tasks, US dollars',
    ]);
  });

  test.each([
    ['us-east-1', 'FILL(on_demand, 0) * 0.0445 + FILL(spot, 0) * 0.02475'],
    ['eu-central-1', 'FILL(on_demand, 0) * 0.05043 + FILL(spot, 0) * 0.027715'],
  ])('has the price of a task in %s', (region, expression) => {
    const [cost] = widgetsOf(queueProcessing({ region })).slice(-1);
    expect(JSON.stringify(cost)).toContain(expression);
  });

  test('counts faults in the log of the worker', () => {
    expect(titled('by fault')).toMatchObject({
      type: 'log',
      properties: {
        query:
          "SOURCE '/spillway/dev/photos/worker' | " +
          'filter event = "job" and outcome = "dead-lettered" | ' +
          'stats count(*) as jobs by faultCode | sort jobs desc',
      },
    });
  });

  test('divides files by the seconds of the displayed period', () => {
    expect(titled('files per second')?.properties.metrics).toEqual([
      [{ expression: 'done / PERIOD(done)', label: 'Files per second' }],
      [
        'Spillway',
        'JobsDone',
        'environment',
        'dev',
        'pipeline',
        'photos',
        { id: 'done', stat: 'Sum', visible: false },
      ],
    ]);
  });

  test('counts tasks by state and provider', () => {
    const names = titled('tasks by state')?.properties.metrics?.map(([, name]) => name);
    expect(names).toEqual(['RunningOnDemand', 'RunningSpot', 'PendingOnDemand', 'PendingSpot']);
  });

  test('places no two widgets at one position', () => {
    const places = widgetsOf(two).map(({ x, y }) => `${x}/${y}`);
    expect(places).toHaveLength(12);
    expect(new Set(places).size).toBe(12);
    // CloudWatch's grid is 24 units wide.
    expect(widgetsOf(two).every(({ x, width }) => x + width <= 24)).toBe(true);
  });

  test.each([
    [
      'eu-central-1',
      'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/spillway-dev',
    ],
    [
      'cn-north-1',
      'https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#dashboards/dashboard/spillway-dev',
    ],
  ])('is linked to the console of %s', (region, url) => {
    expect(queueProcessing({ region }).output.dashboard_url?.value).toBe(url);
  });
});
