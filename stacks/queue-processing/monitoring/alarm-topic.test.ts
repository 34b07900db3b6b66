import {
  queueProcessing,
  resourceAt,
  statementsOf,
} from '../../../test/fakes/stacks/queue-processing-in-stack';
import { allOf, onlyOf } from '../../../test/fakes/stacks/synthesised';

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
