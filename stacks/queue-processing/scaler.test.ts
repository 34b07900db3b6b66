import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../lambda/scaler/environment';
import { emptyStack } from '../../test/fakes/stacks/construct-in-stack';
import { devEnvironment } from '../../test/fakes/stacks/environment';
import { queueProcessing, resourceAt } from '../../test/fakes/stacks/queue-processing-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';
import { ConfigError } from '../config/blueprint-config';
import { ScalerFunction } from './scaler';

const lambda = (stack: ReturnType<typeof queueProcessing>) =>
  onlyOf(stack.resources, 'aws_lambda_function');

describe('the scaler’s function', () => {
  const stack = queueProcessing();

  test('runs the bundle on ARM64, without a VPC', () => {
    expect(lambda(stack)).toMatchObject({
      function_name: 'spillway-dev-photos-scaler',
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      timeout: 60,
      filename: expect.stringMatching(/scaler\.zip$/),
      source_code_hash: expect.stringMatching(
        /^\$\{filebase64sha256\("assets\/.*scaler\.zip"\)\}$/,
      ),
    });
    expect(lambda(stack).vpc_config).toBeUndefined();
  });

  test('has variables that the scaler accepts', () => {
    const { variables } = lambda(stack).environment as { variables: Record<string, string> };
    expect(variables.QUEUE_URL).toBe('<pipeline-photos_queue_work url>');
    expect(variables.SECURITY_GROUPS).toBe('<pipeline-photos_task_security-group id>');
    const read = readEnvironment({
      ...variables,
      // Only AWS knows these values.
      QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/work',
      SUBNETS: 'subnet-1,subnet-2',
      SECURITY_GROUPS: 'sg-1',
    });
    expect(read).toMatchObject({
      environment: 'dev',
      pipeline: 'photos',
      parameterPath: '/spillway/dev/photos/',
      cluster: 'spillway-dev',
      taskFamily: 'spillway-dev-photos-worker',
      assignPublicIp: 'ENABLED',
      configured: {
        enabled: true,
        maxTasks: 10,
        jobsPerTask: 100,
        onDemandBase: 2,
        onDemandWeight: 1,
        spotWeight: 4,
      },
    });
  });

  test('writes into a log group with retention, which is created first', () => {
    expect(resourceAt(stack, 'aws_cloudwatch_log_group', 'pipeline-photos_scaler_log')).toEqual({
      name: '/aws/lambda/spillway-dev-photos-scaler',
      retention_in_days: 30,
    });
    expect(lambda(stack).depends_on).toEqual([
      expect.stringMatching(/^aws_cloudwatch_log_group\.pipeline-photos_scaler_log_/),
    ]);
  });

  test('is never repeated by Lambda', () => {
    expect(onlyOf(stack.resources, 'aws_lambda_function_event_invoke_config')).toEqual({
      function_name: '<pipeline-photos_scaler_function function_name>',
      maximum_retry_attempts: 0,
      maximum_event_age_in_seconds: 60,
    });
  });

  test('has reserved concurrency and tracing only when the settings say so', () => {
    expect(lambda(stack)).not.toHaveProperty('reserved_concurrent_executions');
    expect(lambda(stack)).not.toHaveProperty('tracing_config');
    const told = lambda(queueProcessing({ scaler: { reservedConcurrency: 1, tracing: true } }));
    expect(told).toMatchObject({
      reserved_concurrent_executions: 1,
      tracing_config: { mode: 'Active' },
    });
  });

  test('fails when its bundle has not been built, and says how to build it', () => {
    const { photos } = devEnvironment().pipelines;
    if (!photos) throw new Error('a pipeline was expected');
    const make = () =>
      new ScalerFunction(emptyStack(), 'scaler', {
        pipeline: 'photos',
        settings: photos,
        targets: {
          queueUrl: 'q',
          cluster: 'c',
          subnetIds: [],
          securityGroupIds: [],
          assignPublicIp: true,
        },
        key: undefined,
        archive: join(tmpdir(), 'not-built.zip'),
      });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(/bundle is missing.*npm run build/);
  });
});

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
