import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';
import { EnvironmentScope } from '../../iam/environment-scope';
import { type DashboardPipeline, pipelineWidgets } from './dashboard-widgets';

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
