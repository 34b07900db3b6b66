import { queueNumbers } from '../../contract/queues';
import { StackFixture } from '../../test/fakes/stacks/construct-in-stack';
import { allOf, onlyOf, policyOf } from '../../test/fakes/stacks/synthesised';
import { judge } from '../../test/iam/simulate';
import { EncryptionKey } from '../iam/encryption-key';
import { JobQueue } from './job-queue';

const SETTINGS = { retentionDays: 10, visibilityTimeoutSeconds: 120, maxAttempts: 8 };
const WORK = 'arn:aws:sqs:us-east-1:123456789012:spillway-dev-photos-work';
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:123456789012:spillway-dev-photos-dead-letters';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/own';
const BUCKET = 'arn:aws:s3:::ours';
const RULE = 'arn:aws:events:us-east-1:123456789012:rule/ours';

const open = ({ withKey = false, settings = SETTINGS } = {}) => {
  const fixture = new StackFixture();
  const key = withKey ? new EncryptionKey(fixture.stack, 'encryption') : undefined;
  const queue = new JobQueue(fixture.stack, 'queue', {
    queueName: 'spillway-dev-photos-work',
    deadLetterQueueName: 'spillway-dev-photos-dead-letters',
    numbers: queueNumbers(settings),
    key,
  });
  return { fixture, queue };
};

const queues = (fixture: StackFixture) => {
  const all = allOf(fixture.resources(), 'aws_sqs_queue');
  const named = (end: string) => all.find(({ name }) => `${name}`.endsWith(end));
  return { work: named('-work'), deadLetters: named('-dead-letters') };
};

const policies = (fixture: StackFixture) => {
  const all = allOf(fixture.resources(), 'aws_sqs_queue_policy');
  const of = (end: string) => all.find(({ queue_url }) => `${queue_url}`.endsWith(end)) ?? {};
  return { work: policyOf(of('-work')), deadLetters: policyOf(of('-dead-letters')) };
};

describe('JobQueue', () => {
  test('moves messages that were received too often to its dead-letter queue', () => {
    const { work, deadLetters } = queues(open().fixture);
    expect(work).toMatchObject({
      name: 'spillway-dev-photos-work',
      message_retention_seconds: 864_000,
      visibility_timeout_seconds: 120,
      sqs_managed_sse_enabled: true,
    });
    expect(JSON.parse(`${work?.redrive_policy}`)).toEqual({
      deadLetterTargetArn: DEAD_LETTERS,
      maxReceiveCount: 10,
    });
    expect(deadLetters).toMatchObject({
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
    });
    expect(deadLetters).not.toHaveProperty('redrive_policy');
  });

  test('lets only the work queue move messages to the dead-letter queue', () => {
    const { queue_url, redrive_allow_policy } = onlyOf(
      open().fixture.resources(),
      'aws_sqs_queue_redrive_allow_policy',
    );
    expect(queue_url).toMatch(/-dead-letters$/);
    expect(JSON.parse(`${redrive_allow_policy}`)).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [WORK],
    });
  });

  test('uses the numbers of the settings, and a key', () => {
    const settings = { retentionDays: 2, visibilityTimeoutSeconds: 600, maxAttempts: 3 };
    const { work, deadLetters } = queues(open({ withKey: true, settings }).fixture);
    expect(work).toMatchObject({
      message_retention_seconds: 172_800,
      visibility_timeout_seconds: 600,
    });
    expect(JSON.parse(`${work?.redrive_policy}`)).toMatchObject({ maxReceiveCount: 5 });
    for (const queue of [work, deadLetters]) {
      expect(queue).toMatchObject({
        kms_master_key_id: KEY,
        kms_data_key_reuse_period_seconds: 300,
      });
      expect(queue).not.toHaveProperty('sqs_managed_sse_enabled');
    }
  });

  test('has the names of both queues', () => {
    const { queue } = open();
    expect(queue.queueName).toBe('spillway-dev-photos-work');
    expect(queue.deadLetterQueueName).toBe('spillway-dev-photos-dead-letters');
  });

  test('no one may send before a bucket or rule is accepted', () => {
    const { work, deadLetters } = policies(open().fixture);
    for (const { Statement } of [work, deadLetters]) {
      expect(Statement).toEqual([expect.objectContaining({ Effect: 'Deny', Action: 'sqs:*' })]);
    }
  });
});

describe('the policy of the work queue', () => {
  const account = { 'aws:SourceAccount': '123456789012', 'aws:SecureTransport': 'true' };
  test.each([
    [
      'S3 sends for the bucket',
      's3.amazonaws.com',
      { ...account, 'aws:SourceArn': BUCKET },
      'Allowed',
    ],
    [
      'EventBridge sends for the rule',
      'events.amazonaws.com',
      { ...account, 'aws:SourceArn': RULE },
      'Allowed',
    ],
    [
      'fails when S3 sends for another bucket',
      's3.amazonaws.com',
      { ...account, 'aws:SourceArn': 'arn:aws:s3:::theirs' },
      'ImplicitlyDenied',
    ],
    [
      'fails when S3 sends for a bucket of the same name in another account',
      's3.amazonaws.com',
      { ...account, 'aws:SourceArn': BUCKET, 'aws:SourceAccount': '999999999999' },
      'ImplicitlyDenied',
    ],
    [
      'fails when EventBridge sends for another rule',
      'events.amazonaws.com',
      { ...account, 'aws:SourceArn': `${RULE}-2` },
      'ImplicitlyDenied',
    ],
    [
      'fails when another service sends for the bucket',
      'events.amazonaws.com',
      { ...account, 'aws:SourceArn': BUCKET },
      'ImplicitlyDenied',
    ],
    [
      'fails when there is no TLS',
      's3.amazonaws.com',
      { ...account, 'aws:SourceArn': BUCKET, 'aws:SecureTransport': 'false' },
      'ExplicitlyDenied',
    ],
  ])('%s', async (_what, principal, context, verdict) => {
    const { fixture, queue } = open();
    queue.acceptFromBucket(BUCKET);
    queue.acceptFromRule(RULE);
    const permission = { action: 'sqs:SendMessage', resource: WORK, context };
    expect(await judge({ principal, permission, resourcePolicy: policies(fixture).work })).toBe(
      verdict,
    );
  });
});

describe('the grants of JobQueue', () => {
  const consume = [
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:SendMessage',
  ];
  type Grant = 'grantConsume' | 'grantDeadLetter' | 'grantCount';
  const rows: readonly [Grant, readonly unknown[], readonly unknown[]][] = [
    [
      'grantConsume',
      ['ConsumeJobs', consume, [WORK]],
      [['EncryptJobs', ['kms:GenerateDataKey', 'kms:Decrypt'], [KEY]]],
    ],
    [
      'grantDeadLetter',
      ['SendDeadLetters', ['sqs:SendMessage'], [DEAD_LETTERS]],
      [['EncryptDeadLetters', ['kms:GenerateDataKey', 'kms:Decrypt'], [KEY]]],
    ],
    ['grantCount', ['CountJobs', ['sqs:GetQueueAttributes'], [WORK]], []],
  ];

  test.each(rows)(
    '%s allows exactly its actions, and with an own key those of the key',
    (grant, own, ofKey) => {
      const [plain, keyed] = [open(), open({ withKey: true })];
      plain.queue[grant](plain.fixture.role);
      keyed.queue[grant](keyed.fixture.role);
      expect(plain.fixture.grants()).toEqual([own]);
      expect(keyed.fixture.grants()).toEqual([own, ...ofKey]);
    },
  );
});
