import { StackFixture } from '../../test/fakes/stacks/construct-in-stack';
import { onlyOf, policyOf } from '../../test/fakes/stacks/synthesised';
import { judge } from '../../test/iam/simulate';
import { EncryptionKey } from './encryption-key';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/own';
const ADMINISTRATOR = 'arn:aws:iam::123456789012:role/administrator';

const open = (fixture = new StackFixture()) => {
  return { fixture, key: new EncryptionKey(fixture.stack, 'encryption') };
};
const keyPolicyOf = (fixture: StackFixture) => policyOf(onlyOf(fixture.resources(), 'aws_kms_key'));

describe('EncryptionKey', () => {
  test('is rotated, and named after its environment', () => {
    const resources = open().fixture.resources();
    expect(onlyOf(resources, 'aws_kms_key')).toMatchObject({ enable_key_rotation: true });
    expect(onlyOf(resources, 'aws_kms_alias')).toMatchObject({
      name: 'alias/spillway-dev',
      target_key_id: 'own',
    });
  });

  test('uses name and region of the settings', () => {
    const { fixture } = open(
      new StackFixture({ name: 'acme', environments: { prod: { region: 'eu-west-1' } } }),
    );
    expect(onlyOf(fixture.resources(), 'aws_kms_alias')).toMatchObject({ name: 'alias/acme-prod' });
    expect(JSON.stringify(keyPolicyOf(fixture))).toContain('logs.eu-west-1.amazonaws.com');
  });

  test('names every action of its policy', () => {
    const actions = keyPolicyOf(open().fixture).Statement.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^kms:[A-Za-z]+$/.test(action))).toEqual([]);
  });
});

describe('the policy of EncryptionKey', () => {
  const ours = { 'aws:SourceAccount': '123456789012' };
  test.each([
    ['S3 sends to the queue', 's3.amazonaws.com', 'kms:GenerateDataKey', ours, 'Allowed'],
    ['EventBridge sends to the queue', 'events.amazonaws.com', 'kms:Decrypt', ours, 'Allowed'],
    ['an alarm sends to the topic', 'cloudwatch.amazonaws.com', 'kms:Decrypt', ours, 'Allowed'],
    ['SNS delivers', 'sns.amazonaws.com', 'kms:GenerateDataKey', ours, 'Allowed'],
    [
      'fails when S3 sends for another account',
      's3.amazonaws.com',
      'kms:GenerateDataKey',
      { 'aws:SourceAccount': '999999999999' },
      'ImplicitlyDenied',
    ],
    ['fails for another service', 'lambda.amazonaws.com', 'kms:Decrypt', ours, 'ImplicitlyDenied'],
    [
      'fails when a sender administers the key',
      's3.amazonaws.com',
      'kms:PutKeyPolicy',
      ours,
      'ImplicitlyDenied',
    ],
  ])('%s', async (_what, principal, action, context, verdict) => {
    const permission = { action, resource: KEY, context };
    expect(
      await judge({ principal, permission, resourcePolicy: keyPolicyOf(open().fixture) }),
    ).toBe(verdict);
  });

  test.each([
    ['kms:PutKeyPolicy', 'Allowed'],
    ['kms:ScheduleKeyDeletion', 'Allowed'],
    ['kms:Decrypt', 'Allowed'],
    ['kms:ImportKeyMaterial', 'ImplicitlyDenied'],
  ])(
    'an administrator of the account with every action in IAM: %s is %s',
    async (action, verdict) => {
      const answer = await judge({
        principal: ADMINISTRATOR,
        permission: { action, resource: KEY, context: {} },
        identityPolicy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
        },
        resourcePolicy: keyPolicyOf(open().fixture),
      });
      expect(answer).toBe(verdict);
    },
  );

  test.each([
    ['for AWS itself', 'true', 'Allowed'],
    ['fails for another principal', 'false', 'ImplicitlyDenied'],
  ])('a grant on behalf of the creator of a repository: %s', async (_what, forAws, verdict) => {
    const context = { 'kms:GrantIsForAWSResource': forAws };
    const answer = await judge({
      principal: ADMINISTRATOR,
      permission: { action: 'kms:CreateGrant', resource: KEY, context },
      identityPolicy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      },
      resourcePolicy: keyPolicyOf(open().fixture),
    });
    expect(answer).toBe(verdict);
  });

  // The simulator does not know encryption contexts.
  test('EventBridge may use it only for the notices of the delivery', () => {
    const notices = keyPolicyOf(open().fixture).Statement.find(({ Sid }) => Sid === 'Notices');
    expect(notices).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Condition: {
        StringEquals: {
          'kms:EncryptionContext:aws:sns:topicArn':
            'arn:aws:sns:us-east-1:123456789012:spillway-dev-delivery',
        },
      },
    });
  });

  // The simulator does not know encryption contexts.
  test('CloudWatch Logs may use it only for log groups of this account and region', () => {
    const logs = keyPolicyOf(open().fixture).Statement.find(({ Sid }) => Sid === 'Logs');
    expect(logs).toMatchObject({
      Principal: { Service: 'logs.us-east-1.amazonaws.com' },
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:123456789012:log-group:*',
        },
      },
    });
    expect(logs?.Action).toEqual([
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:DescribeKey',
    ]);
  });

  test('fails when a role of the account has no grant', async () => {
    const permission = { action: 'kms:Decrypt', resource: KEY, context: {} };
    const request = {
      principal: ADMINISTRATOR,
      permission,
      resourcePolicy: keyPolicyOf(open().fixture),
    };
    expect(await judge(request)).toBe('ImplicitlyDenied');
  });
});
