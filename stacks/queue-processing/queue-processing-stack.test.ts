import {
  queueProcessing,
  resourceAt,
  statementsOf,
} from '../../test/fakes/stacks/queue-processing-in-stack';
import { allOf, onlyOf } from '../../test/fakes/stacks/synthesised';

const names = (stack: ReturnType<typeof queueProcessing>, type: string, attribute: string) =>
  allOf(stack.resources, type)
    .map((attributes) => attributes[attribute])
    .sort();
const values = ({ output }: ReturnType<typeof queueProcessing>) =>
  Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value]));

describe('the stack of an environment without settings', () => {
  const stack = queueProcessing();

  test('has one pipeline between two buckets of its own', () => {
    expect(names(stack, 'aws_s3_bucket', 'bucket')).toEqual([
      'spillway-dev-photos-destination-123456789012',
      'spillway-dev-photos-source-123456789012',
    ]);
    expect(names(stack, 'aws_sqs_queue', 'name')).toEqual([
      'spillway-dev-photos-dead-letters',
      'spillway-dev-photos-work',
    ]);
  });

  test('notifies the queue of every new object below the source prefix', () => {
    const { bucket, queue } = onlyOf(stack.resources, 'aws_s3_bucket_notification');
    expect(bucket).toBe('<buckets_photos-source_bucket id>');
    expect(queue).toEqual([
      {
        id: 'photos',
        queue_arn: '<pipeline-photos_queue_work arn>',
        events: ['s3:ObjectCreated:*'],
        filter_prefix: 'ecsproc/',
      },
    ]);
  });

  test('has outputs for operators, including the command that starts work', () => {
    expect(values(stack)).toEqual({
      cluster: 'spillway-dev',
      dashboard_url:
        'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/spillway-dev',
      photos_source_bucket: '<buckets_photos-source_bucket id>',
      photos_destination_bucket: '<buckets_photos-destination_bucket id>',
      photos_queue_url: '<pipeline-photos_queue_work url>',
      photos_dead_letter_queue_url: '<pipeline-photos_queue_dead-letters url>',
      photos_parameter_path: '/spillway/dev/photos/',
      photos_upload_command:
        'aws s3 cp ./photos s3://<buckets_photos-source_bucket id>/ecsproc/ ' +
        '--recursive --region us-east-1',
    });
  });

  test('has no own key, and looks up only the account and its partition', () => {
    expect(stack.resources.aws_kms_key).toBeUndefined();
    expect(Object.keys(stack.data).sort()).toEqual(['aws_caller_identity', 'aws_partition']);
  });
});

describe('two pipelines', () => {
  const two = { photos: {}, 'old-scans': { sourcePrefix: 'scans/', destinationPrefix: 'thumbs/' } };

  test('have queues, functions and buckets with names of their own', () => {
    const stack = queueProcessing({ pipelines: two });
    for (const [type, attribute, count] of [
      ['aws_s3_bucket', 'bucket', 4],
      ['aws_sqs_queue', 'name', 4],
      ['aws_lambda_function', 'function_name', 2],
      ['aws_scheduler_schedule', 'name', 2],
      ['aws_iam_role', 'name', 8],
      ['aws_cloudwatch_log_group', 'name', 4],
      ['aws_cloudwatch_metric_alarm', 'alarm_name', 18],
      ['aws_ssm_parameter', 'name', 22],
    ] as const) {
      expect(new Set(names(stack, type, attribute)).size).toBe(count);
    }
    expect(allOf(stack.resources, 'aws_s3_bucket_notification')).toHaveLength(2);
    expect(allOf(stack.resources, 'aws_cloudwatch_dashboard')).toHaveLength(1);
    expect(values(stack)).toHaveProperty(
      'old_scans_upload_command',
      expect.stringContaining('/scans/ '),
    );
  });

  test('share two buckets and one notification when the settings say so', () => {
    const stack = queueProcessing({ pipelines: two, buckets: { shared: true } });
    expect(names(stack, 'aws_s3_bucket', 'bucket')).toEqual([
      'spillway-dev-destination-123456789012',
      'spillway-dev-source-123456789012',
    ]);
    expect(onlyOf(stack.resources, 'aws_s3_bucket_notification').queue).toEqual([
      expect.objectContaining({ id: 'photos', filter_prefix: 'ecsproc/' }),
      expect.objectContaining({ id: 'old-scans', filter_prefix: 'scans/' }),
    ]);
  });

  test('read only their own prefix of a shared bucket', () => {
    const stack = queueProcessing({ pipelines: two, buckets: { shared: true } });
    const policy = resourceAt(stack, 'aws_iam_role_policy', 'pipeline-old-scans_task_role_policy');
    const resources = statementsOf(policy).flatMap(({ Resource }) => Resource);
    expect(resources).toContain('<buckets_source_bucket arn>/scans/*');
    expect(resources.join()).not.toContain('ecsproc');
  });

  test('keep their construct ids when others are added', () => {
    const alone = queueProcessing({ pipelines: { photos: {} } });
    const both = queueProcessing({ pipelines: { 'old-scans': two['old-scans'], photos: {} } });
    for (const [type, byId] of Object.entries(alone.resources)) {
      expect(Object.keys(both.resources[type] ?? {})).toEqual(
        expect.arrayContaining(Object.keys(byId)),
      );
    }
  });
});

describe('what canaries leave', () => {
  const cleared = (input: Parameters<typeof queueProcessing>[0]) =>
    allOf(queueProcessing(input).resources, 'aws_s3_bucket_lifecycle_configuration')
      .filter(({ rule }) => JSON.stringify(rule).includes('"expire-canaries"'))
      .map(({ bucket }) => bucket);
  const image = 'ghcr.io/acme/worker:1';

  test('expires in both buckets of a pipeline that has canaries, and in no other', () => {
    const pipelines = { photos: {}, scans: { image } };
    expect(cleared({ pipelines })).toEqual([
      '<buckets_photos-destination_bucket id>',
      '<buckets_photos-source_bucket id>',
    ]);
  });

  test('expires in shared buckets as soon as one pipeline uses them', () => {
    const scans = { sourcePrefix: 'scans/', destinationPrefix: 'previews/' };
    const shared = { buckets: { shared: true } };
    expect(cleared({ ...shared, pipelines: { photos: { image }, scans } })).toHaveLength(2);
    expect(
      cleared({ ...shared, pipelines: { photos: { image }, scans: { ...scans, image } } }),
    ).toEqual([]);
    const elsewhere = { ...scans, existingSourceBucket: { name: 'theirs' } };
    expect(cleared({ ...shared, pipelines: { photos: { image }, scans: elsewhere } })).toEqual([
      '<buckets_destination_bucket id>',
    ]);
  });
});

describe('an existing source bucket', () => {
  const stack = queueProcessing({
    pipelines: {
      photos: { existingSourceBucket: { name: 'theirs', kmsKeyArn: null }, suffixes: ['.jpg'] },
    },
  });

  test('is never changed: it has neither notification nor policy', () => {
    expect(stack.resources.aws_s3_bucket_notification).toBeUndefined();
    expect(names(stack, 'aws_s3_bucket', 'bucket')).toEqual([
      'spillway-dev-photos-destination-123456789012',
    ]);
    expect(names(stack, 'aws_s3_bucket_policy', 'bucket')).toEqual([
      '<buckets_photos-destination_bucket id>',
    ]);
  });

  test('feeds the queue by EventBridge, which one command switches on', () => {
    expect(onlyOf(stack.resources, 'aws_cloudwatch_event_target').arn).toBe(
      '<pipeline-photos_queue_work arn>',
    );
    const senders = statementsOf(
      resourceAt(stack, 'aws_sqs_queue_policy', 'pipeline-photos_queue_work-policy'),
    );
    expect(senders.map(({ Principal }) => Principal)).toContainEqual({
      Service: 'events.amazonaws.com',
    });
    expect(values(stack).photos_switch_on_command).toContain('--bucket theirs');
    expect(values(stack).photos_upload_command).toBe(
      'aws s3 cp ./photos s3://theirs/ecsproc/ --recursive --region us-east-1',
    );
  });

  test('is the only source: the worker may read it', () => {
    const statements = statementsOf(
      resourceAt(stack, 'aws_iam_role_policy', 'pipeline-photos_task_role_policy'),
    );
    expect(statements.flatMap(({ Resource }) => Resource)).toContain(
      'arn:aws:s3:::theirs/ecsproc/*',
    );
  });
});

describe('an own key', () => {
  test('encrypts buckets, queues, logs and the topic', () => {
    const stack = queueProcessing({ encryption: 'own' });
    expect(names(stack, 'aws_sqs_queue', 'kms_master_key_id')).toEqual(['<key arn>', '<key arn>']);
    expect(names(stack, 'aws_cloudwatch_log_group', 'kms_key_id')).toEqual([
      '<key arn>',
      '<key arn>',
    ]);
    expect(onlyOf(stack.resources, 'aws_sns_topic').kms_master_key_id).toBe('<key arn>');
    const rules = allOf(stack.resources, 'aws_s3_bucket_server_side_encryption_configuration');
    expect(rules.filter((rule) => JSON.stringify(rule).includes('<key arn>'))).toHaveLength(2);
  });
});

test('without alarms there is no topic', () => {
  const { resources } = queueProcessing({ alarms: { enabled: false } });
  expect(resources.aws_cloudwatch_metric_alarm).toBeUndefined();
  expect(resources.aws_sns_topic).toBeUndefined();
});
