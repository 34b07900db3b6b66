import {
  queueProcessing,
  resourceAt,
  statementsOf,
} from '../../../test/fakes/stacks/queue-processing-in-stack';
import { allOf, onlyOf } from '../../../test/fakes/stacks/synthesised';
import type { AlarmSettings, PipelineInput } from '../../config/blueprint-config';

const stack = queueProcessing();
const alarm = (id: string, of = stack) =>
  resourceAt(of, 'aws_cloudwatch_metric_alarm', `pipeline-photos_alarms_${id}`);
const withPhotos = (photos: PipelineInput) => queueProcessing({ pipelines: { photos } });
const withAlarms = (alarms: Partial<AlarmSettings>) => queueProcessing({ alarms });

const DAY_SECONDS = 86_400;

describe('the alarms of a pipeline', () => {
  test.each([
    [
      'dead-letters',
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      { QueueName: 'spillway-dev-photos-dead-letters' },
    ],
    [
      'oldest-dead-letter',
      'AWS/SQS',
      'ApproximateAgeOfOldestMessage',
      { QueueName: 'spillway-dev-photos-dead-letters' },
    ],
    ['scaler-errors', 'AWS/Lambda', 'Errors', { FunctionName: 'spillway-dev-photos-scaler' }],
    ['tasks-failing', 'Spillway', 'TasksFailing', { environment: 'dev', pipeline: 'photos' }],
    ['launch-failures', 'Spillway', 'LaunchFailures', { environment: 'dev', pipeline: 'photos' }],
    ['no-room', 'Spillway', 'NoRoom', { environment: 'dev', pipeline: 'photos' }],
    ['cannot-start', 'Spillway', 'CannotStart', { environment: 'dev', pipeline: 'photos' }],
    ['idle-backlog', 'Spillway', 'IdleBacklog', { environment: 'dev', pipeline: 'photos' }],
  ])('%s looks at %s %s', (id, namespace, metric_name, dimensions) => {
    expect(alarm(id)).toMatchObject({ namespace, metric_name, dimensions });
  });

  test.each([
    ['dead-letters', 60, 1, 1, 'at once'],
    ['oldest-dead-letter', 300, 1, 1, 'at once'],
    ['oldest-message', undefined, 2, 2, 'when the first image had time to take what waited for it'],
    ['scaler-errors', 300, 1, 1, 'at once'],
    ['tasks-failing', 60, 1, 1, 'at once'],
    ['launch-failures', 300, 3, 2, 'when they last, not for one throttled call'],
    ['no-room', 300, 3, 3, 'when no task that ended made room'],
    ['cannot-start', 60, 1, 1, 'at once'],
    ['idle-backlog', 120, 8, 8, 'when no task came for all that time'],
  ])('%s goes off in time: %#', (id, period, evaluation_periods, datapoints_to_alarm, _when) => {
    expect(alarm(id)).toMatchObject({
      evaluation_periods,
      datapoints_to_alarm,
      ...(period && { period }),
    });
  });

  test('messages that wait for the first image raise no alarm; a silent scaler hides none', () => {
    const queries = alarm('oldest-message').metric_query;
    expect(queries).toEqual([
      expect.objectContaining({
        expression: 'IF(FILL(no_image, 0) > 0, 0, age)',
        return_data: true,
      }),
      {
        id: 'age',
        metric: expect.objectContaining({
          namespace: 'AWS/SQS',
          metric_name: 'ApproximateAgeOfOldestMessage',
          dimensions: { QueueName: 'spillway-dev-photos-work' },
          // Several runs of the scaler, so that a late or missing one hides nothing of `no_image`.
          period: 300,
        }),
        return_data: false,
      },
      {
        id: 'no_image',
        metric: expect.objectContaining({
          namespace: 'Spillway',
          metric_name: 'NoImage',
          period: 300,
        }),
        return_data: false,
      },
    ]);
  });

  test('go to the topic, are silent while a pipeline is idle, and say what to do', () => {
    const alarms = allOf(stack.resources, 'aws_cloudwatch_metric_alarm');
    expect(alarms).toHaveLength(9);
    for (const one of alarms) {
      expect(one).toMatchObject({
        alarm_name: expect.stringMatching(/^spillway-dev-photos-/),
        alarm_actions: ['<alarm-topic arn>'],
        ok_actions: ['<alarm-topic arn>'],
        treat_missing_data: 'notBreaching',
        comparison_operator: 'GreaterThanOrEqualToThreshold',
      });
      // CloudWatch takes 1,024 characters.
      expect(`${one.alarm_description}`).toMatch(/^.{60,1024}$/);
    }
  });

  test('wait for the minutes of the settings', () => {
    const jobs = 120;
    expect(alarm('oldest-message').threshold).toBe(60 * 60 + jobs);
    expect(alarm('oldest-message', withAlarms({ oldestMessageMinutes: 5 })).threshold).toBe(
      5 * 60 + jobs,
    );
    expect(alarm('idle-backlog', withAlarms({ idleBacklogMinutes: 30 })).evaluation_periods).toBe(
      15,
    );
  });

  test('wait for a job of hours, whose message is there until it is done', () => {
    const { threshold } = alarm('oldest-message', withPhotos({ jobTimeoutSeconds: 36_000 }));
    expect(threshold).toBe(39_600);
  });

  test.each([1, 10])(
    'warn two days before a dead letter is lost, when the work queue keeps messages %i days',
    (retentionDays) => {
      const { threshold } = alarm('oldest-dead-letter', withPhotos({ retentionDays }));
      expect(threshold).toBe(2 * DAY_SECONDS);
    },
  );
});

describe('the alarm topic', () => {
  test('accepts only alarms of this account, and only over TLS', () => {
    const stack = queueProcessing();
    expect(onlyOf(stack.resources, 'aws_sns_topic').name).toBe('spillway-dev-alarms');
    expect(statementsOf(resourceAt(stack, 'aws_sns_topic_policy', 'alarm-topic_policy'))).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      }),
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ]);
  });

  test('has a subscription for every address', () => {
    const { resources } = queueProcessing({
      alarms: { emails: ['a@example.com', 'b@example.com'] },
    });
    expect(allOf(resources, 'aws_sns_topic_subscription')).toEqual([
      { topic_arn: '<alarm-topic arn>', protocol: 'email', endpoint: 'a@example.com' },
      { topic_arn: '<alarm-topic arn>', protocol: 'email', endpoint: 'b@example.com' },
    ]);
  });

  test('is not created when the settings name one, whose policy is never changed', () => {
    const topicArn = 'arn:aws:sns:us-east-1:123456789012:ours';
    const { resources } = queueProcessing({ alarms: { topicArn } });
    expect(resources.aws_sns_topic).toBeUndefined();
    expect(resources.aws_sns_topic_policy).toBeUndefined();
    expect(
      allOf(resources, 'aws_cloudwatch_metric_alarm').map(({ alarm_actions }) => alarm_actions),
    ).toEqual(Array(9).fill([topicArn]));
  });
});
