import { queueProcessing } from '../../test/fakes/stacks/queue-processing-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

test('the schedule runs the function every minute, passes the minute, and repeats nothing', () => {
  const { resources } = queueProcessing();
  expect(onlyOf(resources, 'aws_scheduler_schedule')).toMatchObject({
    name: 'spillway-dev-photos-scaler',
    schedule_expression: 'rate(1 minute)',
    flexible_time_window: { mode: 'OFF' },
    target: {
      arn: '<pipeline-photos_scaler_function arn>',
      role_arn: '<pipeline-photos_schedule_role arn>',
      input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      retry_policy: { maximum_retry_attempts: 0, maximum_event_age_in_seconds: 60 },
    },
  });
});

test('the schedule is that of the settings', () => {
  const { resources } = queueProcessing({ pipelines: { photos: { schedule: 'rate(5 minutes)' } } });
  expect(onlyOf(resources, 'aws_scheduler_schedule').schedule_expression).toBe('rate(5 minutes)');
});

test('an own key encrypts the schedule and the variables, and both roles may decrypt', () => {
  const { resources } = queueProcessing({ encryption: 'own' });
  const key = '<key arn>';
  expect(onlyOf(resources, 'aws_scheduler_schedule').kms_key_arn).toBe(key);
  expect(onlyOf(resources, 'aws_lambda_function').kms_key_arn).toBe(key);
  const policies = allOf(resources, 'aws_iam_role_policy').map(({ policy }) => `${policy}`);
  for (const sid of ['DecryptSchedule', 'DecryptVariables'])
    expect(policies.filter((policy) => policy.includes(`"${sid}"`))).toEqual([
      expect.stringContaining(
        `{"Sid":"${sid}","Effect":"Allow","Action":["kms:Decrypt"],"Resource":["${key}"]`,
      ),
    ]);
});

test('the first run finds its permissions and parameters', () => {
  const { resources } = queueProcessing();
  expect(onlyOf(resources, 'aws_scheduler_schedule').depends_on).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^aws_iam_role_policy\.pipeline-photos_scaler_role_policy_/),
      expect.stringMatching(/^aws_iam_role_policy\.pipeline-photos_schedule_role_policy_/),
      expect.stringMatching(/^aws_ssm_parameter\.pipeline-photos_parameters_task-definition_/),
    ]),
  );
});
