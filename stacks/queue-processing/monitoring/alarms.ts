import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import type { PipelineSettings } from '../../config/blueprint-config';
import { EnvironmentScope } from '../../iam/environment-scope';
import { type AlarmRule, alarmRules } from './alarm-rules';
import type { AlarmTopic } from './alarm-topic';
import type { Metric, MonitoredPipeline } from './pipeline-metrics';

export interface AlarmsProps {
  readonly of: MonitoredPipeline;
  readonly settings: PipelineSettings;
  readonly topic: AlarmTopic;
}

/**
 * The alarms of one pipeline. They go to the topic when they go off, and when all is well again.
 */
export class Alarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    const { environment } = EnvironmentScope.of(this);
    for (const rule of alarmRules(props.of, props.settings, environment.alarms))
      this.createAlarm(rule);
  }

  private createAlarm(rule: AlarmRule): void {
    const { of, topic } = this.props;
    new CloudwatchMetricAlarm(this, rule.id, {
      alarmName: `${EnvironmentScope.of(this).pipelinePrefix(of.pipeline)}-${rule.id}`,
      alarmDescription: rule.description,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold: rule.threshold,
      evaluationPeriods: rule.periods,
      datapointsToAlarm: rule.breaching,
      // A pipeline at rest sends no metrics.
      treatMissingData: 'notBreaching',
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      ...metricOf(rule),
    });
  }
}

function metricOf({ metric, expression, statistic, periodSeconds: period }: AlarmRule) {
  if (isOne(metric)) return { ...metric, statistic, period };
  const named = Object.entries(metric).map(([id, { dimensions, metricName, namespace }]) => ({
    id,
    metric: { namespace, metricName, dimensions, stat: statistic, period },
    returnData: false,
  }));
  const result = {
    id: 'result',
    label: 'Alarm',
    returnData: true,
    ...(expression && { expression }),
  };
  return { metricQuery: [result, ...named] };
}

function isOne(metric: AlarmRule['metric']): metric is Metric {
  return 'metricName' in metric;
}
