import { awsEnvironment } from '../../../local/environment';
import { FakeAws } from '../../../test/fakes/aws-server';
import { scalerVariables } from '../../../test/fakes/environments';
import { readEnvironment } from '../environment';
import { createHandler } from '../handler';
import { createAwsPorts } from './aws-ports';

let aws: FakeAws;
const before = { ...process.env };
afterEach(async () => {
  process.env = { ...before };
  await aws.stop();
});

test('a run finds AWS by the standard variables, and launches what fits the subnets', async () => {
  const depth = {
    ApproximateNumberOfMessages: '25',
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
  };
  aws = await FakeAws.start({
    GetParametersByPath: () => ({
      body: { Parameters: [{ Name: '/spillway/test/photos/task-definition', Value: 'photos:7' }] },
    }),
    GetQueueAttributes: () => ({ body: { Attributes: depth } }),
    DescribeSubnets: () => ({
      xml:
        '<DescribeSubnetsResponse><subnetSet><item><subnetId>subnet-1</subnetId>' +
        '<availableIpAddressCount>2</availableIpAddressCount></item></subnetSet>' +
        '</DescribeSubnetsResponse>',
    }),
    ListTasks: () => ({ body: { taskArns: [] } }),
    RunTask: ({ count }) => ({
      body: { tasks: Array.from({ length: Number(count) }, () => ({})), failures: [] },
    }),
  });
  Object.assign(process.env, awsEnvironment(aws.endpoint));
  const environment = readEnvironment({
    ...scalerVariables(aws.endpoint),
    SUBNETS: 'subnet-1',
    JOBS_PER_TASK: '10',
  });
  const handler = createHandler({
    connect: () => ({ settings: environment, ports: createAwsPorts(environment) }),
    write: () => undefined,
  });
  expect(await handler({})).toMatchObject({
    seen: { freeAddresses: { 'subnet-1': 2 } },
    decided: { desired: 3 },
    done: { launched: { FARGATE: 2, FARGATE_SPOT: 0 } },
  });
  const operations = aws.calls.map(({ operation }) => operation).sort();
  expect(operations).toEqual([
    'DescribeSubnets',
    'GetParametersByPath',
    'GetQueueAttributes',
    'ListTasks',
    'ListTasks',
    'RunTask',
  ]);
});
