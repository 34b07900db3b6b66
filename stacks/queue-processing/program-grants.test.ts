import {
  queueProcessing,
  resourceAt,
  statementsOf,
} from '../../test/fakes/stacks/queue-processing-in-stack';
import { onlyOf } from '../../test/fakes/stacks/synthesised';
import { judge, type PolicyDocument } from '../../test/iam/simulate';
import type { PipelineInput } from '../config/blueprint-config';

const PARAMETER = 'arn:aws:ssm:us-east-1:123456789012:parameter/spillway/api-key';
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:database-AbCdEf';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab';

const SETTINGS: PipelineInput = {
  environment: { MODEL: 'large', TEMPLATE: `\${name} is %{if x}, $5` },
  secrets: { API_KEY: PARAMETER, USER: `${SECRET}:user::`, PASSWORD: `${SECRET}:password::` },
  secretKeyArns: [KEY],
  permissions: [
    { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::models/*'] },
    {
      actions: ['textract:DetectDocumentText'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
    },
    { actions: ['s3:PutObject'], resources: [`arn:aws:s3:::cache/\${aws:username}/*`] },
  ],
};

const plain = queueProcessing();
const stack = queueProcessing({ pipelines: { photos: SETTINGS } });
const grantsOf = (role: string, of = stack) =>
  statementsOf(resourceAt(of, 'aws_iam_role_policy', `pipeline-photos_task_${role}_policy`));
/** What the settings add to a role. */
const added = (role: string) => {
  const before = grantsOf(role, plain).map(({ Sid }) => Sid);
  return grantsOf(role).filter(({ Sid }) => !before.includes(Sid));
};
const container = (of = stack) => {
  const { container_definitions } = onlyOf(of.resources, 'aws_ecs_task_definition');
  return JSON.parse(`${container_definitions}`)[0];
};

describe('the secrets of a pipeline', () => {
  test('are in its container by the ARNs that ECS reads, and nowhere as a value', () => {
    expect(container().secrets).toEqual([
      { name: 'API_KEY', valueFrom: PARAMETER },
      { name: 'USER', valueFrom: `${SECRET}:user::` },
      { name: 'PASSWORD', valueFrom: `${SECRET}:password::` },
    ]);
  });

  test('are read by the execution role alone: exactly these, with exactly these keys', () => {
    expect(added('execution-role')).toEqual([
      {
        Sid: 'ReadParameters',
        Effect: 'Allow',
        Action: ['ssm:GetParameters'],
        Resource: [PARAMETER],
      },
      {
        Sid: 'ReadSecrets',
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue'],
        Resource: [SECRET],
      },
      { Sid: 'DecryptSecrets', Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [KEY] },
    ]);
  });

  test.each([
    ['Allowed', 'ssm:GetParameters', PARAMETER],
    ['ImplicitlyDenied', 'ssm:GetParameters', `${PARAMETER}-2`],
    ['ImplicitlyDenied', 'ssm:GetParametersByPath', PARAMETER],
    ['Allowed', 'secretsmanager:GetSecretValue', SECRET],
    ['ImplicitlyDenied', 'secretsmanager:GetSecretValue', SECRET.replace('AbCdEf', 'FeDcBa')],
    ['ImplicitlyDenied', 'secretsmanager:PutSecretValue', SECRET],
    ['ImplicitlyDenied', 'kms:Decrypt', KEY.replace('89ab', '89ac')],
  ])('are judged %s by a simulator of IAM: %s on %s', async (decision, action, resource) => {
    const identityPolicy: PolicyDocument = {
      Version: '2012-10-17',
      Statement: added('execution-role'),
    };
    const principal = 'arn:aws:iam::123456789012:role/start';
    const permission = { action, resource, context: {} };
    expect(await judge({ principal, permission, identityPolicy })).toBe(decision);
  });

  test('and their permissions do not exist without any', () => {
    expect(container(plain)).not.toHaveProperty('secrets');
    expect(grantsOf('execution-role', plain).map(({ Sid }) => Sid)).toEqual([
      'SignInToEcr',
      'PullImage',
      'WriteLog',
    ]);
  });
});

describe('the permissions of a pipeline', () => {
  test('are added to its task role as they stand, and to no other role', () => {
    expect(added('role')).toEqual([
      {
        Sid: 'Permission1',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: ['arn:aws:s3:::models/*'],
      },
      {
        Sid: 'Permission2',
        Effect: 'Allow',
        Action: ['textract:DetectDocumentText'],
        Resource: ['*'],
        Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
      },
      {
        Sid: 'Permission3',
        Effect: 'Allow',
        Action: ['s3:PutObject'],
        // Terraform writes `$${` as `${`, which IAM reads.
        Resource: [`arn:aws:s3:::cache/$\${aws:username}/*`],
      },
    ]);
  });
});

test('the variables of a pipeline reach the task as they stand, whatever Terraform reads', () => {
  expect(container().environment).toEqual(
    expect.arrayContaining([
      { name: 'MODEL', value: 'large' },
      { name: 'TEMPLATE', value: `$\${name} is %%{if x}, $5` },
      { name: 'QUEUE_URL', value: '<pipeline-photos_queue_work url>' },
    ]),
  );
});
