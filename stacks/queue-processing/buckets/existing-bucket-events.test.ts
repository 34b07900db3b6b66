import { StackFixture } from '../../../test/fakes/stacks/construct-in-stack';
import { allOf, onlyOf, policyOf } from '../../../test/fakes/stacks/synthesised';
import { judge } from '../../../test/iam/simulate';
import { switchOnCommand } from '../commands';
import { ExistingBucketEvents } from './existing-bucket-events';

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
