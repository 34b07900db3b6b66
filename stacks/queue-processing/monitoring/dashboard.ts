import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';
import { EnvironmentScope } from '../../iam/environment-scope';
import { type DashboardPipeline, pipelineWidgets } from './dashboard-widgets';

/** Three widgets a row: the grid is 24 units wide. */
const WIDTH = 8;
const HEIGHT = 6;
const COLUMNS = 3;

export interface DashboardProps {
  readonly pipelines: readonly DashboardPipeline[];
}

/** One dashboard of an environment; each pipeline has two rows of it. */
export class Dashboard extends Construct {
  /** Where a browser shows it. */
  readonly url: string;

  constructor(scope: Construct, id: string, { pipelines }: DashboardProps) {
    super(scope, id);
    const { environment, prefix: name } = EnvironmentScope.of(this);
    const { region } = environment;
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: name,
      dashboardBody: JSON.stringify({ widgets: placed(pipelines, region) }),
    });
    this.url = `https://${region}.${consoleDomain(region)}/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
  }
}

function placed(pipelines: readonly DashboardPipeline[], region: string) {
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
