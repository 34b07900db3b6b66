import { readEnvironment } from '../../lambda/scaler/environment';
import { scalerVariables } from '../../test/fakes/environments';
import { ACCOUNT } from '../../test/fakes/stacks/environment';
import {
  queueProcessing,
  resourceAt,
  statementsOf,
} from '../../test/fakes/stacks/queue-processing-in-stack';
import { allOf, onlyOf, policyOf, type Synthesised } from '../../test/fakes/stacks/synthesised';
import { judge } from '../../test/iam/simulate';

const WAKE = { wake: 'event' } as const;
const withWake = (settings: object = {}) =>
  queueProcessing({ pipelines: { photos: { ...WAKE, ...settings } } });
const at = (stack: Synthesised, type: string, path: string) =>
  resourceAt(stack, type, `pipeline-photos_wake-ups_${path}`);
const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:spillway-dev-photos-wake.fifo`;
const rule = (name: string) => `arn:aws:events:us-east-1:${ACCOUNT}:rule/${name}`;

/** A policy with the ARNs that AWS returns. */
const deployed = (policy: object) =>
  JSON.parse(
    JSON.stringify(policy)
      .replaceAll('<pipeline-photos_wake-ups_queue arn>', QUEUE)
      .replaceAll('<pipeline-photos_wake-ups_rule arn>', rule('spillway-dev-photos-wake')),
  );

describe('the wake-ups of a pipeline', () => {
  const stack = withWake({ sourcePrefix: 'in/', suffixes: ['.jpg', '.png'] });

  test('come from S3 beside its notification, for exactly the objects that are jobs', () => {
    expect(onlyOf(stack.resources, 'aws_s3_bucket_notification')).toMatchObject({
      eventbridge: true,
      queue: [{ filter_suffix: '.jpg' }, { filter_suffix: '.png' }],
    });
    expect(JSON.parse(`${at(stack, 'aws_cloudwatch_event_rule', 'rule').event_pattern}`)).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: {
        bucket: { name: ['<buckets_photos-source_bucket id>'] },
        object: { key: [{ wildcard: 'in/*.jpg' }, { wildcard: 'in/*.png' }] },
      },
    });
  });

  test('are one message a second, and one run at a time, however many objects arrive', () => {
    expect(at(stack, 'aws_cloudwatch_event_target', 'target')).toMatchObject({
      rule: '<pipeline-photos_wake-ups_rule name>',
      arn: '<pipeline-photos_wake-ups_queue arn>',
      input_transformer: {
        input_paths: { time: '$.time' },
        input_template: '{"uploadedAt":<time>}',
      },
      sqs_target: { message_group_id: 'wake-up' },
      retry_policy: { maximum_retry_attempts: 0, maximum_event_age_in_seconds: 60 },
    });
    expect(at(stack, 'aws_sqs_queue', 'queue')).toMatchObject({
      name: 'spillway-dev-photos-wake.fifo',
      fifo_queue: true,
      content_based_deduplication: true,
      message_retention_seconds: 60,
      sqs_managed_sse_enabled: true,
    });
    expect(at(stack, 'aws_sqs_queue', 'queue').redrive_policy).toBeUndefined();
    const mapping = at(stack, 'aws_lambda_event_source_mapping', 'mapping');
    expect(mapping).toMatchObject({
      event_source_arn: '<pipeline-photos_wake-ups_queue arn>',
      function_name: 'spillway-dev-photos-scaler',
      batch_size: 10,
      function_response_types: ['ReportBatchItemFailures'],
    });
    expect(mapping).not.toHaveProperty('maximum_batching_window_in_seconds');
  });

  test('stay hidden for as long as the function may run, which Lambda asks for', () => {
    const { timeout } = onlyOf(stack.resources, 'aws_lambda_function');
    const { visibility_timeout_seconds } = at(stack, 'aws_sqs_queue', 'queue');
    expect(visibility_timeout_seconds).toBe(timeout);
  });

  test('begin when the function may receive them, and its parameters are there', () => {
    const { depends_on } = at(stack, 'aws_lambda_event_source_mapping', 'mapping');
    expect(depends_on).toEqual(
      expect.arrayContaining([
        expect.stringContaining('aws_iam_role_policy.pipeline-photos_scaler_role'),
        expect.stringContaining('aws_ssm_parameter.pipeline-photos_parameters'),
      ]),
    );
  });

  test.each([
    ['takes those of its rule', rule('spillway-dev-photos-wake'), 'Allowed'],
    ['fails to take those of another rule', rule('spillway-dev-scans-wake'), 'ImplicitlyDenied'],
  ])('are in a queue that %s', async (_what, source, verdict) => {
    const context = {
      'aws:SourceArn': source,
      'aws:SourceAccount': ACCOUNT,
      'aws:SecureTransport': 'true',
    };
    const request = {
      principal: 'events.amazonaws.com',
      permission: { action: 'sqs:SendMessage', resource: QUEUE, context },
      resourcePolicy: deployed(policyOf(at(stack, 'aws_sqs_queue_policy', 'policy'))),
    };
    expect(await judge(request)).toBe(verdict);
  });

  test.each([
    ['sqs:ReceiveMessage', QUEUE, 'Allowed'],
    ['sqs:DeleteMessage', QUEUE, 'Allowed'],
    ['sqs:GetQueueAttributes', QUEUE, 'Allowed'],
    ['sqs:ChangeMessageVisibility', QUEUE, 'Allowed'],
    ['sqs:ChangeMessageVisibility', QUEUE.replace('wake.fifo', 'work'), 'ImplicitlyDenied'],
    ['sqs:ReceiveMessage', QUEUE.replace('photos', 'scans'), 'ImplicitlyDenied'],
    ['sqs:ReceiveMessage', QUEUE.replace('wake.fifo', 'work'), 'ImplicitlyDenied'],
  ])('need of the scaler’s role %s on %s: %s', async (action, resource, verdict) => {
    const role = resourceAt(stack, 'aws_iam_role_policy', 'pipeline-photos_scaler_role_policy');
    const request = {
      principal: `arn:aws:iam::${ACCOUNT}:role/spillway-dev-photos-scaler`,
      permission: { action, resource, context: { 'aws:SecureTransport': 'true' } },
      identityPolicy: deployed(policyOf(role)),
    };
    expect(await judge(request)).toBe(verdict);
  });

  test('tell the function how many tasks an upload starts', () => {
    const { environment } = onlyOf(withWake({ wakeTasks: 4 }).resources, 'aws_lambda_function');
    const { variables } = environment as { variables: Record<string, string> };
    const { WAKE_TASKS = '' } = variables;
    expect(readEnvironment({ ...scalerVariables(), WAKE_TASKS }).wakeTasks).toBe(4);
  });

  test('are encrypted with the environment’s own key, which EventBridge may use', () => {
    const own = queueProcessing({ encryption: 'own', pipelines: { photos: WAKE } });
    expect(at(own, 'aws_sqs_queue', 'queue')).toMatchObject({ kms_master_key_id: '<key arn>' });
    const role = resourceAt(own, 'aws_iam_role_policy', 'pipeline-photos_scaler_role_policy');
    expect(statementsOf(role)).toContainEqual(
      expect.objectContaining({ Action: ['kms:Decrypt'], Resource: ['<key arn>'] }),
    );
    const senders = statementsOf(onlyOf(own.resources, 'aws_kms_key')).find(
      ({ Sid }) => Sid === 'Senders',
    );
    expect(senders?.Principal).toMatchObject({
      Service: expect.arrayContaining(['events.amazonaws.com']),
    });
  });
});

describe('a pipeline without wake-ups', () => {
  const addresses = ({ resources }: Synthesised) =>
    Object.entries(resources).flatMap(([type, byId]) =>
      Object.keys(byId).map((id) => `${type}.${id}`),
    );

  test('has no resource for them, and the others keep their addresses with them', () => {
    const [without, having] = [addresses(queueProcessing()), addresses(withWake())];
    expect(without.filter((address) => address.includes('wake'))).toEqual([]);
    expect(having.filter((address) => !address.includes('wake-ups'))).toEqual(without);
    expect(having.length).toBeGreaterThan(without.length);
    const notification = onlyOf(queueProcessing().resources, 'aws_s3_bucket_notification');
    expect(notification).not.toHaveProperty('eventbridge');
  });

  test('shares its bucket with one that has some', () => {
    const stack = queueProcessing({
      buckets: { shared: true },
      pipelines: {
        photos: { ...WAKE, sourcePrefix: 'a/', destinationPrefix: 'a/' },
        scans: { sourcePrefix: 'b/', destinationPrefix: 'b/' },
      },
    });
    expect(onlyOf(stack.resources, 'aws_s3_bucket_notification').eventbridge).toBe(true);
    expect(allOf(stack.resources, 'aws_lambda_event_source_mapping')).toHaveLength(1);
  });
});

test('an existing bucket wakes its pipeline by a rule of its own, and is never changed', () => {
  const stack = withWake({ existingSourceBucket: { name: 'company' }, sourcePrefix: 'in/' });
  const pattern = `${at(stack, 'aws_cloudwatch_event_rule', 'rule').event_pattern}`;
  expect(JSON.parse(pattern).detail.bucket.name).toEqual(['company']);
  expect(allOf(stack.resources, 'aws_cloudwatch_event_rule')).toHaveLength(2);
  expect(stack.resources.aws_s3_bucket_notification).toBeUndefined();
});

test('the dashboard counts wake-ups, and there is no alarm about them', () => {
  const stack = withWake();
  const { dashboard_body } = onlyOf(stack.resources, 'aws_cloudwatch_dashboard');
  const queue = 'spillway-dev-photos-wake.fifo';
  expect(`${dashboard_body}`).toContain(`"NumberOfMessagesReceived","QueueName","${queue}"`);
  const alarms = (one: Synthesised) => allOf(one.resources, 'aws_cloudwatch_metric_alarm');
  expect(alarms(stack)).toEqual(alarms(queueProcessing()));
});
