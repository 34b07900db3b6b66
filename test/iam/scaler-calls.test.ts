import { createAwsPorts } from '../../lambda/scaler/aws/aws-ports';
import { readEnvironment } from '../../lambda/scaler/environment';
import { createHandler } from '../../lambda/scaler/handler';
import { type Answers, FakeAws } from '../fakes/aws-server';
import { exampleUpload } from '../fakes/scaler/examples';
import { ACCOUNT } from '../fakes/stacks/environment';
import { queueProcessing, resourceAt } from '../fakes/stacks/queue-processing-in-stack';
import { onlyOf, policyOf } from '../fakes/stacks/synthesised';
import { impliedPermissions } from './implied-permissions';
import { type Permission, unusedGrants } from './permission';
import { startRecordingProxy } from './recording-proxy';
import { judge, type PolicyDocument } from './simulate';

/**
 * What the rehearsals' default settings never ask for. A rehearsal for each setting would cost
 * minutes; here the same scaler runs behind the same recorder, and only AWS is played.
 */
const SETTINGS = {
  wake: 'event',
  scaling: { policy: 'drain-within', minutes: 15 },
} as const;
const REGION = 'us-east-1';
const FAMILY = 'spillway-dev-photos-worker';
const TASK_ROLES = ['task', 'execution'].map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`);
const sqsArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
const [WORK, WAKE] = ['spillway-dev-photos-work', 'spillway-dev-photos-wake.fifo'] as const;

/** A pipeline with a backlog and a task that has stopped. */
const TASK = `arn:aws:ecs:${REGION}:${ACCOUNT}:task/spillway-dev/${'0'.repeat(32)}`;
const SUBNETS = ['subnet-1', 'subnet-2']
  .map((id) => `<item><subnetId>${id}</subnetId></item>`)
  .join('')
  .replaceAll('</item>', '<availableIpAddressCount>99</availableIpAddressCount></item>');
const ANSWERS: Answers = {
  GetParametersByPath: () => ({
    body: {
      Parameters: [{ Name: '/spillway/dev/photos/task-definition', Value: `${FAMILY}:1` }],
    },
  }),
  GetQueueAttributes: () => ({
    body: {
      Attributes: {
        ApproximateNumberOfMessages: '500',
        ApproximateNumberOfMessagesNotVisible: '0',
        ApproximateNumberOfMessagesDelayed: '0',
      },
    },
  }),
  ListTasks: ({ desiredStatus }) => ({
    body: { taskArns: desiredStatus === 'STOPPED' ? [TASK] : [] },
  }),
  DescribeTasks: () => ({ body: { tasks: [], failures: [] } }),
  DescribeSubnets: () => ({
    xml: `<DescribeSubnetsResponse><subnetSet>${SUBNETS}</subnetSet></DescribeSubnetsResponse>`,
  }),
  GetMetricData: () => ({ body: { MetricDataResults: [] } }),
  RunTask: () => ({ body: { tasks: [{ taskArn: TASK }], failures: [] } }),
  ChangeMessageVisibility: () => ({ body: {} }),
};

/** Everything that AWS fills in, where the stack has a placeholder. */
function deployed<Document extends object>(document: Document, endpoint = ''): Document {
  const values = {
    '<pipeline-photos_scaler_log arn>': `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:scaler`,
    '<pipeline-photos_queue_work arn>': sqsArn(WORK),
    '<pipeline-photos_queue_work url>': `${endpoint}/${ACCOUNT}/${WORK}`,
    '<pipeline-photos_wake-ups_queue arn>': sqsArn(WAKE),
    '<pipeline-photos_task_role arn>': TASK_ROLES[0] ?? '',
    '<pipeline-photos_task_execution-role arn>': TASK_ROLES[1] ?? '',
    '<pipeline-photos_task_security-group id>': 'sg-1',
  };
  const text = Object.entries(values).reduce(
    (filled, [placeholder, value]) => filled.replaceAll(placeholder, value),
    JSON.stringify(document),
  );
  return JSON.parse(text) as Document;
}

/** A run of the schedule and a wake-up, as deployed, and what AWS was asked. */
async function recordedCalls(variables: Readonly<Record<string, string>>, endpoint: string) {
  const recorder = await startRecordingProxy(endpoint);
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: recorder.endpoint,
  });
  const settings = readEnvironment(deployed(variables, recorder.endpoint));
  const lines: string[] = [];
  const handler = createHandler({
    connect: () => ({ settings, ports: createAwsPorts(settings) }),
    write: (line) => lines.push(line),
  });
  const upload = { ...exampleUpload(), eventSourceARN: sqsArn(WAKE) };
  await handler({});
  await handler({ Records: [upload] });
  process.env = before;
  await recorder.stop();
  const launched = lines.map((line) => JSON.parse(line).decided.because);
  return { calls: recorder.calls(), launched };
}

describe('the role of a scaler that uploads wake, and that measures the time of jobs,', () => {
  const stack = queueProcessing({ pipelines: { photos: SETTINGS } });
  const role = resourceAt(stack, 'aws_iam_role_policy', 'pipeline-photos_scaler_role_policy');
  const identityPolicy = deployed(policyOf(role)) as PolicyDocument;
  let needs: readonly Permission[];

  beforeAll(async () => {
    const aws = await FakeAws.start(ANSWERS);
    const { variables } = Object(onlyOf(stack.resources, 'aws_lambda_function').environment);
    const { calls, launched } = await recordedCalls(variables, aws.endpoint);
    await aws.stop();
    expect(launched).toEqual(['shortfall', 'wake-up']);
    const deployment = {
      ...{ partition: 'aws', region: REGION, accountId: ACCOUNT, taskRoleArns: TASK_ROLES },
      tagsOf: () => ({}),
      keyArnOf: () => undefined,
    };
    needs = calls.flatMap((call) => impliedPermissions(call, deployment));
  });

  const verdictOf = (permission: Permission, policy = identityPolicy) =>
    judge({
      principal: `arn:aws:iam::${ACCOUNT}:role/spillway-dev-photos-scaler`,
      permission,
      identityPolicy: policy,
    });

  test('allows each call of a scheduled run and of a wake-up', async () => {
    for (const permission of needs)
      expect([permission.action, await verdictOf(permission)]).toEqual([
        permission.action,
        'Allowed',
      ]);
  });

  test.each(['cloudwatch:GetMetricData', 'sqs:ChangeMessageVisibility'])(
    'is asked for %s, which another pipeline’s scaler may not',
    async (action) => {
      const [need] = needs.filter((permission) => permission.action === action);
      const usual = resourceAt(
        queueProcessing(),
        'aws_iam_role_policy',
        'pipeline-photos_scaler_role_policy',
      );
      const policy = deployed(policyOf(usual)) as PolicyDocument;
      expect(await verdictOf(need as Permission, policy)).toBe('ImplicitlyDenied');
    },
  );

  test('grants nothing that no call needs', () => {
    const used = new Set(needs.map(({ action }) => action));
    const lambda = 'Lambda itself makes this call as the role of the function';
    const reasons = {
      'logs:CreateLogStream': lambda,
      'logs:PutLogEvents': lambda,
      'sqs:ReceiveMessage': lambda,
      'sqs:DeleteMessage': lambda,
    };
    expect(unusedGrants(identityPolicy, used, reasons)).toEqual([]);
  });
});
