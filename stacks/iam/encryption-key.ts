import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { EnvironmentScope } from './environment-scope';
import type { Grantee } from './grantee';

/**
 * The environment's own KMS key for buckets, queues, topic, logs, the scaler and its schedule. KMS
 * rotates it every year.
 */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const environmentScope = EnvironmentScope.of(this);
    const { blueprint, name } = environmentScope.environment;
    const key = new KmsKey(this, 'key', {
      description: `Objects, messages and logs of ${blueprint} in ${name}`,
      enableKeyRotation: true,
      policy: JSON.stringify(keyPolicy(environmentScope)),
    });
    new KmsAlias(this, 'alias', {
      name: `alias/${environmentScope.prefix}`,
      targetKeyId: key.keyId,
    });
    this.arn = key.arn;
  }

  /** Lets a role read what a service encrypts, such as the variables of a function. */
  grantDecrypt(grantee: Grantee, sid: string): void {
    grantee.allow({ sid, actions: ['kms:Decrypt'], resources: [this.arn] });
  }
}

/**
 * Enough for the account to use, change and delete the key through its IAM policies. Without
 * `kms:PutKeyPolicy` no one could ever change the key again.
 */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RetireGrant',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];
/** What a service needs of a key, whatever it encrypts. */
export const KEY_USE = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
];
/** Services that send messages to an encrypted queue or topic. */
const SENDERS = ['s3', 'events', 'cloudwatch', 'sns'];
const ENCRYPT_MESSAGES = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** The policy of the environment's key. */
function keyPolicy(scope: EnvironmentScope) {
  return {
    Version: '2012-10-17',
    Statement: [...accountStatements(scope), ...senderStatements(scope), logStatement(scope)],
  };
}

function accountStatements({ accountId, partition }: EnvironmentScope) {
  const account = { AWS: `arn:${partition}:iam::${accountId}:root` };
  return [
    allow('Account', { Principal: account, Action: [...ADMINISTRATION, ...KEY_USE] }),
    // ECR creates grants for itself, on behalf of the principal that creates the repository.
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    allow('Grants', {
      Principal: account,
      Action: ['kms:CreateGrant'],
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}

function senderStatements(scope: EnvironmentScope) {
  const topicArn = scope.arn('sns', scope.deliveryNames.topic);
  return [
    allow('Senders', {
      Principal: { Service: SENDERS.map((service) => `${service}.amazonaws.com`) },
      Action: ENCRYPT_MESSAGES,
      Condition: { StringEquals: { 'aws:SourceAccount': scope.accountId } },
    }),
    // EventBridge sends SNS no source account, so the condition names the topic.
    allow('Notices', {
      Principal: { Service: 'events.amazonaws.com' },
      Action: ENCRYPT_MESSAGES,
      Condition: { StringEquals: { 'kms:EncryptionContext:aws:sns:topicArn': topicArn } },
    }),
  ];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
function logStatement(scope: EnvironmentScope) {
  const logGroups = scope.arn('logs', 'log-group:*');
  return allow('Logs', {
    Principal: { Service: `logs.${scope.environment.region}.amazonaws.com` },
    Action: [...KEY_USE, 'kms:DescribeKey'],
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
  });
}

interface KeyStatement {
  readonly Principal: object;
  readonly Action: readonly string[];
  readonly Condition?: object;
}

/** In a key policy the resource `*` is this key: no other can be named. */
function allow(sid: string, { Condition, ...who }: KeyStatement) {
  return { Sid: sid, Effect: 'Allow', ...who, Resource: '*', ...(Condition && { Condition }) };
}
