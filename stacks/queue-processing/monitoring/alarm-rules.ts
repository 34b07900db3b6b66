import { queueNumbers } from '../../../contract/queues';
import type { AlarmSettings, PipelineSettings } from '../../config/blueprint-config';
import { longestGapSeconds } from '../../config/rules/schedule-gap';
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

/** When an alarm goes off, and what to do about it. */
export interface AlarmRule extends AlarmPeriods {
  /** Last part of its name. */
  readonly id: string;
  readonly description: string;
  /** One metric, or the metrics of `expression` by their names in it. */
  readonly metric: Metric | Readonly<Record<string, Metric>>;
  readonly expression?: string;
  /** Default: `Maximum`. */
  readonly statistic?: 'Maximum' | 'Sum';
  readonly threshold: number;
}

const MINUTE = 60;
const FIVE_MINUTES = 300;
const AT_ONCE = { periodSeconds: MINUTE, periods: 1, breaching: 1, threshold: 1 } as const;

/** All alarms of a pipeline. */
export function alarmRules(
  of: MonitoredPipeline,
  pipeline: PipelineSettings,
  alarms: Pick<AlarmSettings, 'oldestMessageMinutes' | 'idleBacklogMinutes'>,
): readonly AlarmRule[] {
  const gapSeconds = gapOf(pipeline);
  return [
    ...deadLetterRules(of, pipeline),
    oldestMessageRule(of, pipeline, alarms.oldestMessageMinutes),
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
        `Jobs of ${nameOf(of)} failed permanently. Read FaultCode and FaultMessage of the ` +
        `messages in ${of.deadLetterQueueName}, fix the cause, then redrive or delete them.`,
      metric: queueMetric(of.deadLetterQueueName, 'ApproximateNumberOfMessagesVisible'),
      ...AT_ONCE,
    },
    {
      id: 'oldest-dead-letter',
      description:
        `A dead letter of ${nameOf(of)} will be lost when its retention ends. Redrive or delete ` +
        `the messages in ${of.deadLetterQueueName} now.`,
      metric: queueMetric(of.deadLetterQueueName, 'ApproximateAgeOfOldestMessage'),
      ...AT_ONCE,
      periodSeconds: FIVE_MINUTES,
      threshold: deadLetterSeconds(pipeline),
    },
  ];
}

function oldestMessageRule(
  of: MonitoredPipeline,
  pipeline: PipelineSettings,
  minutes: number,
): AlarmRule {
  const gapSeconds = gapOf(pipeline);
  // A new job waits for the next run of the scaler first, and its message is there until it is
  // done; the setting is the time beyond both.
  const seconds = minutes * 60 + Math.max(0, gapSeconds - MINUTE) + pipeline.jobTimeoutSeconds;
  return {
    id: 'oldest-message',
    description:
      `A job of ${nameOf(of)} is ${Math.round(seconds / 60)} minutes old. Look at the dashboard: ` +
      "raise max-tasks if all tasks are busy; otherwise read the scaler's log.",
    metric: {
      age: queueMetric(of.queueName, 'ApproximateAgeOfOldestMessage'),
      no_image: spillwayMetric(of, 'NoImage'),
    },
    // Messages that wait for the first image, such as S3's test event, raise no alarm.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    expression: 'IF(FILL(no_image, 0) > 0, 0, age)',
    ...periodsUntilFirstTasks(gapSeconds),
    threshold: seconds,
  };
}

function idleBacklogRule(of: MonitoredPipeline, gapSeconds: number, minutes: number): AlarmRule {
  return {
    id: 'idle-backlog',
    description:
      `Jobs of ${nameOf(of)} wait, but no task has run for ${minutes} minutes, nor since the ` +
      `scaler's previous run. The field decided.because in /aws/lambda/${of.scalerName} says ` +
      'why: the pipeline is paused, or launches fail.',
    metric: spillwayMetric(of, 'IdleBacklog'),
    ...periodsLasting(gapSeconds, minutes * 60),
    threshold: 1,
  };
}

/** Launched tasks that fail. */
function taskRules(of: MonitoredPipeline): readonly AlarmRule[] {
  return [
    {
      id: 'tasks-failing',
      description:
        `The last tasks of ${nameOf(of)} failed before they finished a job, so the scaler only ` +
        "probes. Read the worker's log; roll back if a new image is the cause.",
      metric: spillwayMetric(of, 'TasksFailing'),
      ...AT_ONCE,
    },
    {
      id: 'cannot-start',
      description:
        `Tasks of ${nameOf(of)} cannot start, so the scaler only probes: their image cannot be ` +
        'pulled (image-unavailable), or a secret, the registry, the log or a network interface ' +
        'is unavailable (resources-unavailable). Read stoppedReason of the last stopped tasks; ' +
        'check the image, the endpoints or gateway of the subnets, and the execution role. ' +
        'A rollback helps only if the image itself was deleted.',
      metric: spillwayMetric(of, 'CannotStart'),
      ...AT_ONCE,
    },
  ];
}

/** The scaler or its launches fail. */
function launchRules(of: MonitoredPipeline, gapSeconds: number): readonly AlarmRule[] {
  return [
    {
      id: 'scaler-errors',
      description:
        `The scaler of ${nameOf(of)} failed and launches nothing. The last lines of ` +
        `/aws/lambda/${of.scalerName} name the parameter or permission to fix.`,
      metric: scalerMetric(of, 'Errors'),
      statistic: 'Sum',
      ...AT_ONCE,
      periodSeconds: FIVE_MINUTES,
    },
    {
      id: 'no-room',
      description:
        `There is no room for more tasks of ${nameOf(of)}: the account's quota of Fargate vCPUs ` +
        'is used up, or no subnet has free addresses (decided.because in ' +
        `/aws/lambda/${of.scalerName}). The image is not the cause. Request a higher quota, add ` +
        'subnets, or lower max-tasks.',
      metric: spillwayMetric(of, 'NoRoom'),
      // Tasks that end make room.
      ...periodsWithRuns(gapSeconds, { periodSeconds: FIVE_MINUTES, periods: 3, breaching: 3 }),
      threshold: 1,
    },
    {
      id: 'launch-failures',
      description:
        `ECS refuses tasks of ${nameOf(of)}. The field done.reasons in ` +
        `/aws/lambda/${of.scalerName} says why: a throttle, a permission, or a missing resource.`,
      metric: spillwayMetric(of, 'LaunchFailures'),
      statistic: 'Sum',
      // The next run makes up for a single throttled call.
      ...periodsWithRuns(gapSeconds, { periodSeconds: FIVE_MINUTES, periods: 3, breaching: 2 }),
      threshold: 1,
    },
  ];
}

function gapOf({ schedule }: PipelineSettings): number {
  return longestGapSeconds(schedule) ?? MINUTE;
}

function nameOf({ pipeline, environment }: MonitoredPipeline): string {
  return `${pipeline} in ${environment}`;
}

/**
 * A message that SQS itself moved keeps its first timestamp, so its retention can end as early as
 * this difference after the move. The metric counts from the move on, and half of the time is left
 * to act.
 */
function deadLetterSeconds(pipeline: PipelineSettings): number {
  const { deadLetterRetentionSeconds, workRetentionSeconds } = queueNumbers(pipeline);
  return (deadLetterRetentionSeconds - workRetentionSeconds) / 2;
}
