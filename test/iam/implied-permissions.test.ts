import type { AwsCall } from './aws-call';
import { impliedPermissions } from './implied-permissions';
import { aimedElsewhere, type Deployment, type Permission } from './permission';

const DEPLOYMENT: Deployment = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '111122223333',
  taskRoleArns: ['arn:aws:iam::111122223333:role/task', 'arn:aws:iam::111122223333:role/execution'],
  tagsOf: () => ({ 'spillway:canary': 'true' }),
  keyArnOf: () => undefined,
};
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/0';
const OWN_KEY: Deployment = { ...DEPLOYMENT, keyArnOf: () => KEY };

const call = (name: string, input: object, status = 200): AwsCall => {
  const [service = '', operation = ''] = name.split(':');
  return { service, operation, input: { ...input }, status };
};
const lines = (from: AwsCall, deployment = DEPLOYMENT) =>
  impliedPermissions(from, deployment).map(({ action, resource }) => `${action} ${resource}`);

const OBJECT = { Bucket: 'b', Key: 'p/é +.jpg' };
const QUEUE = { QueueUrl: 'http://127.0.0.1:4566/111122223333/q' };
const SQS = 'arn:aws:sqs:eu-west-1:111122223333:q';

describe('impliedPermissions', () => {
  test.each([
    [
      'an object that is there',
      call('s3:GetObject', OBJECT),
      ['s3:GetObject arn:aws:s3:::b/p/é +.jpg'],
    ],
    [
      'a missing key: to learn that needs the listing',
      call('s3:HeadObject', OBJECT, 404),
      ['s3:GetObject arn:aws:s3:::b/p/é +.jpg', 's3:ListBucket arn:aws:s3:::b'],
    ],
    ['a rendition', call('s3:PutObject', OBJECT), ['s3:PutObject arn:aws:s3:::b/p/é +.jpg']],
    [
      'a tagged rendition',
      call('s3:PutObject', { ...OBJECT, 'x-amz-tagging': 'a=b' }),
      ['s3:PutObject arn:aws:s3:::b/p/é +.jpg', 's3:PutObjectTagging arn:aws:s3:::b/p/é +.jpg'],
    ],
    [
      'a batch, which has no action',
      call('sqs:DeleteMessageBatch', QUEUE),
      [`sqs:DeleteMessage ${SQS}`],
    ],
    [
      'a wake-up that is kept',
      call('sqs:ChangeMessageVisibility', QUEUE),
      [`sqs:ChangeMessageVisibility ${SQS}`],
    ],
    [
      'a batch of heartbeats',
      call('sqs:ChangeMessageVisibilityBatch', QUEUE),
      [`sqs:ChangeMessageVisibility ${SQS}`],
    ],
    [
      'the knobs',
      call('ssm:GetParametersByPath', { Path: '/spillway/dev/photos/' }),
      ['ssm:GetParametersByPath arn:aws:ssm:eu-west-1:111122223333:parameter/spillway/dev/photos/'],
    ],
    [
      'two tasks',
      call('ecs:DescribeTasks', {
        cluster: 'c',
        tasks: [1, 2].map((id) => `arn:aws:ecs:eu-west-1:111122223333:task/c/${id}`),
      }),
      [1, 2].map((id) => `ecs:DescribeTasks arn:aws:ecs:eu-west-1:111122223333:task/c/${id}`),
    ],
  ])('a call for %s', (_what, from, permissions) => {
    expect(lines(from)).toEqual(permissions);
  });

  test.each([
    [
      's3:DeleteObjects',
      { Bucket: 'b', Keys: ['1', '2'] },
      ['s3:DeleteObject arn:aws:s3:::b/1', 's3:DeleteObject arn:aws:s3:::b/2'],
    ],
    ['s3:ListObjectsV2', { Bucket: 'b', Prefix: 'canary/' }, ['s3:ListBucket arn:aws:s3:::b']],
    ['sqs:SendMessageBatch', QUEUE, [`sqs:SendMessage ${SQS}`]],
    [
      'ssm:GetParameter',
      { Name: '/spillway/dev/photos/task-definition:3' },
      [
        'ssm:GetParameter ' +
          'arn:aws:ssm:eu-west-1:111122223333:parameter/spillway/dev/photos/task-definition',
      ],
    ],
    [
      'logs:GetLogEvents',
      { logGroupName: '/g', logStreamName: 'worker/worker/1' },
      [
        'logs:GetLogEvents ' +
          'arn:aws:logs:eu-west-1:111122223333:log-group:/g:log-stream:worker/worker/1',
      ],
    ],
    ['ecr:GetAuthorizationToken', {}, ['ecr:GetAuthorizationToken *']],
    ['ec2:DescribeSubnets', { 'SubnetId.1': 'subnet-1' }, ['ec2:DescribeSubnets *']],
    ['cloudwatch:GetMetricData', {}, ['cloudwatch:GetMetricData *']],
    [
      'ecr-public:GetAuthorizationToken',
      {},
      ['ecr-public:GetAuthorizationToken *', 'sts:GetServiceBearerToken *'],
    ],
    [
      'ecr:PutImage',
      { repositoryName: 'r' },
      ['ecr:PutImage arn:aws:ecr:eu-west-1:111122223333:repository/r'],
    ],
    ['ecs:DeregisterTaskDefinition', { taskDefinition: 'f:1' }, ['ecs:DeregisterTaskDefinition *']],
  ])('%s in the delivery', (name, input, permissions) => {
    expect(lines(call(name, input))).toEqual(permissions);
  });

  test('a write of a parameter tells whether it overwrites', () => {
    const [permission] = impliedPermissions(
      call('ssm:PutParameter', { Name: '/p', Overwrite: true }),
      DEPLOYMENT,
    );
    expect(permission?.context).toMatchObject({ 'ssm:Overwrite': 'true' });
  });

  test('a stop is judged by the tags of its task', () => {
    const task = 'arn:aws:ecs:eu-west-1:111122223333:task/c/1';
    const [permission] = impliedPermissions(
      call('ecs:StopTask', { cluster: 'c', task }),
      DEPLOYMENT,
    );
    expect(permission).toMatchObject({
      resource: task,
      context: { 'aws:ResourceTag/spillway:canary': 'true' },
    });
    const [other = {}] = aimedElsewhere(permission as Permission, {});
    expect(other).toMatchObject({ action: 'ecs:StopTask', resource: task });
    expect(other).not.toHaveProperty(['context', 'aws:ResourceTag/spillway:canary']);
  });

  test(
    'a registration asks for the revision to be, for its tags and for each role that ' + 'it names',
    () => {
      const registration = call('ecs:RegisterTaskDefinition', {
        family: 'f',
        taskRoleArn: 'arn:aws:iam::111122223333:role/task',
        tags: [{ key: 'spillway:template', value: 't' }],
      });
      const tags = {
        'aws:TagKeys': ['spillway:template'],
        'aws:RequestTag/spillway:template': 't',
      };
      const resource = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/f:1';
      expect(impliedPermissions(registration, DEPLOYMENT)).toMatchObject([
        { action: 'ecs:RegisterTaskDefinition', resource, context: tags },
        {
          action: 'ecs:TagResource',
          resource,
          context: { ...tags, 'ecs:CreateAction': 'RegisterTaskDefinition' },
        },
        { action: 'iam:PassRole', resource: 'arn:aws:iam::111122223333:role/task' },
      ]);
    },
  );

  test(
    'a launch with tags asks for the launch, for the tags and for each role of the ' + 'definition',
    () => {
      const launch = call('ecs:RunTask', {
        cluster: 'arn:aws:ecs:eu-west-1:111122223333:cluster/c',
        taskDefinition: 'family:3',
        tags: [{ key: 'spillway:pipeline', value: 'photos' }],
      });
      const cluster = 'arn:aws:ecs:eu-west-1:111122223333:cluster/c';
      const tags = {
        'aws:TagKeys': ['spillway:pipeline'],
        'aws:RequestTag/spillway:pipeline': 'photos',
      };
      const secure = { 'aws:SecureTransport': 'true' };
      const passed = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com', ...secure };
      expect(impliedPermissions(launch, DEPLOYMENT)).toEqual([
        {
          action: 'ecs:RunTask',
          resource: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/family:3',
          context: { 'ecs:cluster': cluster, ...tags, ...secure },
        },
        {
          action: 'ecs:TagResource',
          resource: `arn:aws:ecs:eu-west-1:111122223333:task/c/${'0'.repeat(32)}`,
          context: { 'ecs:CreateAction': 'RunTask', ...tags, ...secure },
        },
        ...DEPLOYMENT.taskRoleArns.map((resource) => ({
          action: 'iam:PassRole',
          resource,
          context: passed,
        })),
      ]);
    },
  );

  test.each([
    ['s3:GetObject', OBJECT, ['kms:Decrypt']],
    ['s3:PutObject', OBJECT, ['kms:GenerateDataKey']],
    ['sqs:ReceiveMessage', QUEUE, ['kms:Decrypt']],
    ['sqs:SendMessage', QUEUE, ['kms:GenerateDataKey', 'kms:Decrypt']],
    ['sqs:DeleteMessageBatch', QUEUE, []],
  ])('%s under an own key asks for its use', (name, input, actions) => {
    const onKey = lines(call(name, input), OWN_KEY).filter((line) => line.endsWith(KEY));
    expect(onKey).toEqual(actions.map((action) => `${action} ${KEY}`));
  });

  test('fails when a call has no row in the table', () => {
    expect(() => impliedPermissions(call('sqs:PurgeQueue', QUEUE), DEPLOYMENT)).toThrow(
      'sqs:PurgeQueue',
    );
  });
});
