import { aimedElsewhere, grantedActions, type Permission, unusedGrants } from './permission';
import { judge, type PolicyDocument } from './simulate';

const PRINCIPAL = 'arn:aws:iam::111122223333:role/scaler';
const OURS = 'arn:aws:ecs:eu-west-1:111122223333:cluster/spillway-dev';
const OTHER = 'arn:aws:ecs:eu-west-1:111122223333:cluster/spillway-qa';
const FAMILY = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/spillway-dev-photos-worker';
const RENAMES = { 'spillway-dev': 'spillway-qa', '111122223333:q': '111122223333:r' };

const policy = (Action: string, Resource: string, Condition?: object): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) }],
});
const launch: Permission = {
  action: 'ecs:RunTask',
  resource: `${FAMILY}:7`,
  context: { 'ecs:cluster': OURS },
};
const list: Permission = {
  action: 'ecs:ListTasks',
  resource: '*',
  context: { 'ecs:cluster': OURS },
};
const onOurs = { ArnEquals: { 'ecs:cluster': OURS } };

describe('judge', () => {
  test.each([
    ['the family on the cluster', launch, policy('ecs:RunTask', `${FAMILY}:*`, onOurs), 'Allowed'],
    [
      'another cluster',
      launch,
      policy('ecs:RunTask', `${FAMILY}:*`, { ArnEquals: { 'ecs:cluster': OTHER } }),
      'ImplicitlyDenied',
    ],
    ['another family', launch, policy('ecs:RunTask', `${FAMILY}-x:*`, onOurs), 'ImplicitlyDenied'],
    ['another action', launch, policy('ecs:StopTask', '*'), 'ImplicitlyDenied'],
    ['every task of the cluster', list, policy('ecs:ListTasks', '*', onOurs), 'Allowed'],
    [
      'a part of what is listed',
      list,
      policy('ecs:ListTasks', OURS.replace('cluster', 'container-instance').concat('/*')),
      'ImplicitlyDenied',
    ],
  ])('a policy for %s', async (_what, permission, identityPolicy, verdict) => {
    expect(await judge({ principal: PRINCIPAL, permission, identityPolicy })).toBe(verdict);
  });

  test("a queue's policy lets one bucket of one account send, and refuses plain HTTP", async () => {
    const queue = 'arn:aws:sqs:eu-west-1:111122223333:q';
    const resourcePolicy: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queue,
          Condition: {
            ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::b' },
            StringEquals: { 'aws:SourceAccount': '111122223333' },
          },
        },
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:*',
          Resource: queue,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    };
    const send = (context: Permission['context']) =>
      judge({
        principal: 's3.amazonaws.com',
        permission: { action: 'sqs:SendMessage', resource: queue, context },
        resourcePolicy,
      });
    const ours = {
      'aws:SourceArn': 'arn:aws:s3:::b',
      'aws:SourceAccount': '111122223333',
      'aws:SecureTransport': 'true',
    };
    expect(await send(ours)).toBe('Allowed');
    expect(await send({ ...ours, 'aws:SourceAccount': '999999999999' })).toBe('ImplicitlyDenied');
    expect(await send({ ...ours, 'aws:SourceArn': 'arn:aws:s3:::c' })).toBe('ImplicitlyDenied');
    expect(await send({ ...ours, 'aws:SecureTransport': 'false' })).toBe('ExplicitlyDenied');
  });

  test.each([
    ['an action that does not exist', { ...launch, action: 'ecs:RunTasks' }],
    ['a resource of another type', { ...launch, resource: OURS }],
  ])('fails when it is asked for %s', async (_what, permission) => {
    const identityPolicy = policy('ecs:RunTask', '*');
    await expect(judge({ principal: PRINCIPAL, permission, identityPolicy })).rejects.toThrow(
      permission.resource,
    );
  });
});

describe('aimedElsewhere', () => {
  test('changes the resource and the cluster, one at a time', () => {
    expect(aimedElsewhere(launch, RENAMES)).toEqual([
      { ...launch, resource: `${FAMILY}:7`.replace('spillway-dev', 'spillway-qa') },
      { ...launch, context: { 'ecs:cluster': OTHER } },
    ]);
  });

  test('hands a role to another service', () => {
    const pass = {
      action: 'iam:PassRole',
      resource: 'r',
      context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    };
    expect(aimedElsewhere(pass, RENAMES)).toEqual([
      { ...pass, context: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    ]);
  });

  test('fails when a policy forgets the cluster', async () => {
    const forgetful = policy('ecs:RunTask', `${FAMILY}:*`);
    const verdicts = await Promise.all(
      aimedElsewhere(launch, RENAMES).map((permission) =>
        judge({ principal: PRINCIPAL, permission, identityPolicy: forgetful }),
      ),
    );
    expect(verdicts).toEqual(['ImplicitlyDenied', 'Allowed']);
  });
});

describe('unusedGrants', () => {
  const granted = policy('sqs:SendMessage', 'q');

  test('is empty when every action is used or has its reason', () => {
    expect(unusedGrants(granted, new Set(['sqs:SendMessage']), {})).toEqual([]);
    expect(unusedGrants(granted, new Set(), { 'sqs:SendMessage': 'Fargate itself sends' })).toEqual(
      [],
    );
    expect(grantedActions(granted)).toEqual(['sqs:SendMessage']);
  });

  test('fails when an action is never used, and when a reason excuses nothing', () => {
    expect(unusedGrants(granted, new Set(), { 'sqs:PurgeQueue': 'old' })).toEqual([
      'sqs:SendMessage is granted, but no call needs it',
      'sqs:PurgeQueue needs no excuse',
    ]);
  });
});
