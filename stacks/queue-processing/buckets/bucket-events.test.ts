import { StackFixture } from '../../../test/fakes/stacks/construct-in-stack';
import { allOf, onlyOf, policyOf } from '../../../test/fakes/stacks/synthesised';
import { judge } from '../../../test/iam/simulate';
import { switchOnCommand } from '../commands';
import { BucketNotification, ExistingBucketEvents } from './bucket-events';
import { OwnBucket } from './own-bucket';

const queueArn = (pipeline: string) =>
  `arn:aws:sqs:us-east-1:123456789012:spillway-dev-${pipeline}-work`;

interface Wanted {
  readonly sourcePrefix: string;
  readonly suffixes: readonly string[];
}

const notify = (pipelines: Readonly<Record<string, Wanted>>) => {
  const fixture = new StackFixture();
  const props = { bucketName: 'ours', key: undefined, expireAfterDays: null };
  const bucket = new OwnBucket(fixture.stack, 'source', props);
  const routes = Object.entries(pipelines).map(([pipeline, wanted]) => {
    return { pipeline, ...wanted, queue: fixture.queue(`${pipeline}-queue`, pipeline) };
  });
  const { bucketName, bucketArn } = bucket;
  new BucketNotification(fixture.stack, 'events', { bucket: bucketName, bucketArn, routes });
  return fixture.resources();
};

describe('BucketNotification', () => {
  test('notifies the queue of every object below the prefix, by any kind of upload', () => {
    const resources = notify({ photos: { sourcePrefix: 'ecsproc/', suffixes: [] } });
    expect(onlyOf(resources, 'aws_s3_bucket_notification')).toMatchObject({
      bucket: 'ours',
      queue: [
        {
          id: 'photos',
          queue_arn: queueArn('photos'),
          events: ['s3:ObjectCreated:*'],
          filter_prefix: 'ecsproc/',
        },
      ],
    });
  });

  test('has no suffix filter unless one is set', () => {
    const { queue } = onlyOf(
      notify({ photos: { sourcePrefix: '', suffixes: [] } }),
      'aws_s3_bucket_notification',
    );
    expect(queue).toEqual([expect.not.objectContaining({ filter_suffix: expect.anything() })]);
  });

  test('is one resource for all pipelines of a bucket, with a filter for each suffix', () => {
    const resources = notify({
      photos: { sourcePrefix: 'photos/', suffixes: ['.jpg', '.JPG'] },
      scans: { sourcePrefix: 'scans/', suffixes: [] },
    });
    expect(onlyOf(resources, 'aws_s3_bucket_notification').queue).toEqual([
      expect.objectContaining({
        id: 'photos-1',
        filter_suffix: '.jpg',
        queue_arn: queueArn('photos'),
      }),
      expect.objectContaining({
        id: 'photos-2',
        filter_suffix: '.JPG',
        queue_arn: queueArn('photos'),
      }),
      expect.objectContaining({
        id: 'scans',
        filter_prefix: 'scans/',
        queue_arn: queueArn('scans'),
      }),
    ]);
  });

  test('depends on the policies that let S3 send, because S3 validates it at once', () => {
    const none = { suffixes: [] };
    const resources = notify({
      photos: { sourcePrefix: 'photos/', ...none },
      scans: { sourcePrefix: 'scans/', ...none },
    });
    const sending = Object.entries(resources.aws_sqs_queue_policy ?? {})
      .filter(([, policy]) =>
        policyOf(policy).Statement.some(({ Action }) => Action === 'sqs:SendMessage'),
      )
      .map(([id]) => `aws_sqs_queue_policy.${id}`);
    expect(sending).toHaveLength(2);
    expect(onlyOf(resources, 'aws_s3_bucket_notification').depends_on).toEqual(sending);
  });

  test.each([
    ['lets S3 send for this bucket', 'photos', 'arn:aws:s3:::ours', 'Allowed'],
    ['fails when S3 sends for another bucket', 'photos', 'arn:aws:s3:::theirs', 'ImplicitlyDenied'],
    [
      "fails when S3 sends to another queue's ARN",
      'scans',
      'arn:aws:s3:::ours',
      'ImplicitlyDenied',
    ],
  ])('%s', async (_what, pipeline, bucketArn, verdict) => {
    const resources = notify({ photos: { sourcePrefix: '', suffixes: [] } });
    const ofQueue = allOf(resources, 'aws_sqs_queue_policy').find(({ queue_url }) =>
      `${queue_url}`.endsWith('-work'),
    );
    const context = {
      'aws:SourceArn': bucketArn,
      'aws:SourceAccount': '123456789012',
      'aws:SecureTransport': 'true',
    };
    const request = {
      principal: 's3.amazonaws.com',
      permission: { action: 'sqs:SendMessage', resource: queueArn(pipeline), context },
      resourcePolicy: policyOf(ofQueue ?? {}),
    };
    expect(await judge(request)).toBe(verdict);
  });
});

const RULE = 'spillway-dev-photos-objects';

const feed = (suffixes: readonly string[] = []) => {
  const fixture = new StackFixture();
  const queue = fixture.queue('queue');
  const events = new ExistingBucketEvents(fixture.stack, 'events', {
    bucketName: 'theirs',
    pipeline: 'photos',
    sourcePrefix: 'ecsproc/',
    suffixes,
    queue,
  });
  return { events, resources: fixture.resources() };
};

describe('ExistingBucketEvents', () => {
  test('sends new objects of the bucket below the prefix to the queue', () => {
    const { resources } = feed();
    const { name, event_pattern } = onlyOf(resources, 'aws_cloudwatch_event_rule');
    expect(name).toBe(RULE);
    expect(JSON.parse(`${event_pattern}`)).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['theirs'] }, object: { key: [{ prefix: 'ecsproc/' }] } },
    });
    expect(onlyOf(resources, 'aws_cloudwatch_event_target')).toMatchObject({
      rule: RULE,
      arn: 'arn:aws:sqs:us-east-1:123456789012:spillway-dev-photos-work',
    });
  });

  test('lets the queue accept the events of this rule', () => {
    const allowed = allOf(feed().resources, 'aws_sqs_queue_policy')
      .flatMap((policy) => policyOf(policy).Statement)
      .filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      expect.objectContaining({
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:aws:events:us-east-1:123456789012:rule/${RULE}` },
          StringEquals: { 'aws:SourceAccount': '123456789012' },
        },
      }),
    ]);
  });

  test('fails when a rule of another pipeline sends to the queue', async () => {
    const policies = allOf(feed().resources, 'aws_sqs_queue_policy');
    const ofQueue = policies.find(({ queue_url }) => `${queue_url}`.endsWith('-work')) ?? {};
    const context = {
      'aws:SourceArn': 'arn:aws:events:us-east-1:123456789012:rule/spillway-dev-scans-objects',
      'aws:SourceAccount': '123456789012',
      'aws:SecureTransport': 'true',
    };
    const resource = 'arn:aws:sqs:us-east-1:123456789012:spillway-dev-photos-work';
    const permission = { action: 'sqs:SendMessage', resource, context };
    const request = {
      principal: 'events.amazonaws.com',
      permission,
      resourcePolicy: policyOf(ofQueue),
    };
    expect(await judge(request)).toBe('ImplicitlyDenied');
  });

  test("has a command for the bucket's owner, and changes neither notifications nor policy", () => {
    const { events, resources } = feed();
    expect(Object.keys(resources).filter((type) => type.startsWith('aws_s3'))).toEqual([]);
    expect(events.switchOnCommand).toBe(switchOnCommand('theirs', 'us-east-1'));
  });

  test('has a filter for each suffix', () => {
    const { event_pattern } = onlyOf(feed(['.jpg', '.JPG']).resources, 'aws_cloudwatch_event_rule');
    expect(JSON.parse(`${event_pattern}`).detail.object.key).toEqual([
      { wildcard: 'ecsproc/*.jpg' },
      { wildcard: 'ecsproc/*.JPG' },
    ]);
  });
});
