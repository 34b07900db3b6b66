import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { Construct } from 'constructs';
import type { PipelineSettings } from '../../config/blueprint-config';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import { createTopic } from '../../iam/topic';
import { type AlarmRule, alarmRules } from './alarm-rules';
import type { Metric, MonitoredPipeline } from './pipeline-metrics';

export interface AlarmsProps {
  readonly monitored: MonitoredPipeline;
  readonly settings: PipelineSettings;
  readonly topic: AlarmTopic;
}

/** The alarms of one pipeline. The topic is notified when they go off and when they recover. */
export class Alarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    const { environment } = EnvironmentScope.of(this);
    for (const rule of alarmRules(props.monitored, props.settings, environment.alarms))
      this.createAlarm(rule);
  }

  private createAlarm(rule: AlarmRule): void {
    const { monitored, topic } = this.props;
    new CloudwatchMetricAlarm(this, rule.id, {
      alarmName: `${EnvironmentScope.of(this).pipelinePrefix(monitored.pipeline)}-${rule.id}`,
      alarmDescription: rule.description,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold: rule.threshold,
      evaluationPeriods: rule.periods,
      datapointsToAlarm: rule.breaching,
      // An idle pipeline sends no metrics.
      treatMissingData: 'notBreaching',
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      ...metricOf(rule),
    });
  }
}

function metricOf({ metric, expression, statistic = 'Maximum', ...rule }: AlarmRule) {
  const period = rule.periodSeconds;
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

export interface AlarmTopicProps {
  /** `undefined`: not encrypted at rest, since CloudWatch may not use SNS's AWS managed key. */
  readonly key: EncryptionKey | undefined;
}

/** The topic of an environment's alarms: its own, or an existing one, which is never changed. */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const { topicArn } = EnvironmentScope.of(this).environment.alarms;
    this.arn = topicArn ?? this.createTopic(props.key).arn;
  }

  private createTopic(key: EncryptionKey | undefined): SnsTopic {
    const { environment, accountId, prefix } = EnvironmentScope.of(this);
    return createTopic(this, {
      name: `${prefix}-alarms`,
      key,
      emails: environment.alarms.emails,
      publisher: {
        Sid: 'Alarms',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
      },
    });
  }
}
