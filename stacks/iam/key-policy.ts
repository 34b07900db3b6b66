import { deliveryNames } from '../../contract/names';
import type { EnvironmentScope } from './environment-scope';

/**
 * What the account may do, through its own IAM policies: enough to run, change and delete the key.
 * Without `kms:PutKeyPolicy` nobody could ever change the key again.
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
/** What a service does with a key, whatever it encrypts. */
export const KEY_USE = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
];
/** They put messages on an encrypted queue or topic. */
const SENDERS = ['s3', 'events', 'cloudwatch', 'sns'];

/**
 * Policy of the environment's key. In a key policy the resource `*` means this key: it can name no
 * other.
 */
export function keyPolicy({ environment, accountId, partition }: EnvironmentScope) {
  const { region } = environment;
  const deliveryTopic = `arn:${partition}:sns:${region}:${accountId}:${deliveryNames(environment).topic}`;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Account',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: [...ADMINISTRATION, ...KEY_USE],
        Resource: '*',
      },
      {
        // ECR makes grants for itself, in the name of whoever makes the repository.
        // https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
        Sid: 'Grants',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: ['kms:CreateGrant'],
        Resource: '*',
        Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      },
      {
        Sid: 'Senders',
        Effect: 'Allow',
        Principal: { Service: SENDERS.map((service) => `${service}.amazonaws.com`) },
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
      },
      {
        // EventBridge tells SNS no source account, so that the topic bounds it.
        Sid: 'Notices',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:sns:topicArn': deliveryTopic } },
      },
      {
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        Sid: 'Logs',
        Effect: 'Allow',
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: [...KEY_USE, 'kms:DescribeKey'],
        Resource: '*',
        Condition: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${accountId}:log-group:*`,
          },
        },
      },
    ],
  };
}
