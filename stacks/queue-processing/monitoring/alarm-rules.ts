import { queueNumbers } from '../../../contract/queue-attributes';
import type { AlarmSettings, PipelineSettings } from '../../config/blueprint-config';
import { longestGapSeconds } from '../../config/schedule-gap';
import {
  type AlarmPeriods,
  periodsLasting,
  periodsUntilFirstTasks,
  periodsWithRuns,
} from './alarm-periods';
import {
  type Metric,
  type MonitoredPipeline,
  queueMetric,
  scalerMetric,
  spillwayMetric,
} from './pipeline-metrics';

/** When an alarm goes off, and what whoever gets it should do. */
export interface AlarmRule extends AlarmPeriods {
  /** Last part of its name. */
  readonly id: string;
  readonly description: string;
  /** One metric, or several under the names by which `expression` calls them. */
  readonly metric: Metric | Readonly<Record<string, Metric>>;
  readonly expression?: string;
  readonly statistic: 'Maximum' | 'Sum';
  readonly threshold: number;
}

const MINUTE = 60;
const FIVE_MINUTES = 300;
const once = { periods: 1, breaching: 1, threshold: 1 } as const;

/** All alarms of a pipeline. */
export function alarmRules(
  of: MonitoredPipeline,
  pipeline: PipelineSettings,
  alarms: Pick<AlarmSettings, 'oldestMessageMinutes' | 'idleBacklogMinutes'>,
): readonly AlarmRule[] {
  const gapSeconds = longestGapSeconds(pipeline.schedule) ?? MINUTE;
  return [
    ...deadLetterRules(of, pipeline),
    oldestMessageRule(of, gapSeconds, alarms.oldestMessageMinutes),
    idleBacklogRule(of, gapSeconds, alarms.idleBacklogMinutes),
    ...taskRules(of),
    ...launchRules(of, gapSeconds),
  ];
}

function deadLetterRules(of: MonitoredPipeline, pipeline: PipelineSettings): readonly AlarmRule[] {
  return [
    {
      id: 'dead-letters',
      description:
        `Jobs of ${nameOf(of)} were given up. Read FaultCode and FaultMessage of the messages in ` +
        `${of.deadLetterQueueName}, mend the cause, then redrive or delete them.`,
      metric: queueMetric(of.deadLetterQueueName, 'ApproximateNumberOfMessagesVisible'),
      statistic: 'Maximum',
      periodSeconds: MINUTE,
      ...once,
    },
    {
      id: 'oldest-dead-letter',
      description:
        `A dead letter of ${nameOf(of)} will be lost when its retention ends. Redrive or delete ` +
        `the messages in ${of.deadLetterQueueName} now.`,
      metric: queueMetric(of.deadLetterQueueName, 'ApproximateAgeOfOldestMessage'),
      statistic: 'Maximum',
      periodSeconds: FIVE_MINUTES,
      ...once,
      threshold: deadLetterSeconds(pipeline),
    },
  ];
}

function oldestMessageRule(of: MonitoredPipeline, gapSeconds: number, minutes: number): AlarmRule {
  // Until the scaler has seen it, a job waits for the schedule; the setting is what comes on top.
  const seconds = minutes * 60 + Math.max(0, gapSeconds - MINUTE);
  return {
    id: 'oldest-message',
    description:
      `A job of ${nameOf(of)} has waited for ${seconds / 60} minutes. Look at the dashboard: ` +
      "raise max-tasks when all tasks are busy, else read the scaler's log.",
    metric: {
      age: queueMetric(of.queueName, 'ApproximateAgeOfOldestMessage'),
      no_image: spillwayMetric(of, 'NoImage'),
    },
    // What waits for the first image, S3's test event among it, is no job that waits for a task.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    expression: 'IF(FILL(no_image, 0) > 0, 0, age)',
    statistic: 'Maximum',
    ...periodsUntilFirstTasks(gapSeconds),
    threshold: seconds,
  };
}

function idleBacklogRule(of: MonitoredPipeline, gapSeconds: number, minutes: number): AlarmRule {
  return {
    id: 'idle-backlog',
    description:
      `Jobs of ${nameOf(of)} wait and no task has run for ${minutes} minutes, nor since the ` +
      `scaler's run before. The field decided.because in /aws/lambda/${of.scalerName} says why: ` +
      'paused, or launches that fail.',
    metric: spillwayMetric(of, 'IdleBacklog'),
    statistic: 'Maximum',
    ...periodsLasting(gapSeconds, minutes * 60),
    threshold: 1,
  };
}

/** Tasks that were launched and came to nothing. */
function taskRules(of: MonitoredPipeline): readonly AlarmRule[] {
  return [
    {
      id: 'tasks-failing',
      description:
        `The last tasks of ${nameOf(of)} failed without finishing a job, so that the scaler only ` +
        "probes. Read the worker's log; go back to the image before when a new one is at fault.",
      metric: spillwayMetric(of, 'TasksFailing'),
      statistic: 'Maximum',
      periodSeconds: MINUTE,
      ...once,
    },
    {
      id: 'cannot-start',
      description:
        `Tasks of ${nameOf(of)} cannot start, so that the scaler only probes: their image cannot ` +
        'be pulled (image-unavailable), or a secret, the registry, the log or a network interface ' +
        'is not to be had (resources-unavailable). Read stoppedReason of the last stopped tasks; ' +
        'look at the image, the endpoints or gateway of the subnets, and the execution role. ' +
        'A rollback helps only when the image itself was deleted.',
      metric: spillwayMetric(of, 'CannotStart'),
      statistic: 'Maximum',
      periodSeconds: MINUTE,
      ...once,
    },
  ];
}

/** The scaler fails, or its launches do. */
function launchRules(of: MonitoredPipeline, gapSeconds: number): readonly AlarmRule[] {
  return [
    {
      id: 'scaler-errors',
      description:
        `The scaler of ${nameOf(of)} failed, so that it launches nothing. The last lines of ` +
        `/aws/lambda/${of.scalerName} name the parameter or permission to mend.`,
      metric: scalerMetric(of, 'Errors'),
      statistic: 'Sum',
      periodSeconds: FIVE_MINUTES,
      ...once,
    },
    {
      id: 'no-room',
      description:
        `There is no room for more tasks of ${nameOf(of)}: the account's quota of Fargate vCPUs ` +
        'is used up, or all subnets are without free addresses (decided.because in ' +
        `/aws/lambda/${of.scalerName}). The image is not at fault. Ask for a higher quota, add ` +
        'subnets, or lower max-tasks.',
      metric: spillwayMetric(of, 'NoRoom'),
      statistic: 'Maximum',
      // Tasks that end make room by themselves.
      ...periodsWithRuns(gapSeconds, { periodSeconds: FIVE_MINUTES, periods: 3, breaching: 3 }),
      threshold: 1,
    },
    {
      id: 'launch-failures',
      description:
        `ECS refuses tasks of ${nameOf(of)}. The reasons stand under done.reasons in ` +
        `/aws/lambda/${of.scalerName}: a throttle, a permission, or something that is missing.`,
      metric: spillwayMetric(of, 'LaunchFailures'),
      statistic: 'Sum',
      // A single throttled call is made up by the next run.
      ...periodsWithRuns(gapSeconds, { periodSeconds: FIVE_MINUTES, periods: 3, breaching: 2 }),
      threshold: 1,
    },
  ];
}

function nameOf({ pipeline, environment }: MonitoredPipeline): string {
  return `${pipeline} in ${environment}`;
}

/**
 * A message that SQS itself moved keeps the first timestamp, so that its retention may end this
 * much after the move, and the metric counts from the move on. Half of that time is left to act.
 */
function deadLetterSeconds(pipeline: PipelineSettings): number {
  const { deadLetterRetentionSeconds, workRetentionSeconds } = queueNumbers(pipeline);
  return (deadLetterRetentionSeconds - workRetentionSeconds) / 2;
}
