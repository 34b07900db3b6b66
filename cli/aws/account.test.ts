import { SSMClient } from '@aws-sdk/client-ssm';
import { type LoopbackServer, startLoopbackServer } from '../../local/ecs/aws-http';
import { fakePort } from '../../test/fakes/aws-server';
import type { Account } from '../ports/account';
import { failureSentence } from '../terminal/failures';
import { createNamedParameters, openAccount } from './account';

const CALLS: Readonly<Record<string, (account: Account) => Promise<unknown>>> = {
  SSM: ({ parameters }) => parameters.below('/'),
  SQS: ({ queues }) => queues.open('work'),
  ECS: ({ tasks }) => tasks.fleet({ cluster: 'c', family: 'f', startedBy: 's' }),
  S3: ({ buckets }) => buckets.look({ bucket: 'b' }, 'k'),
  Lambda: ({ scaler }) => scaler.variables('scaler'),
  'CloudWatch Logs': ({ scaler }) => scaler.lastRun('scaler', new Date(0), 'scale'),
  CloudWatch: ({ metrics }) => metrics.oldestMessageSeconds('work', 0),
  ECR: ({ images }) => images.has('repository', 'sha256:1'),
};

const sentenceOf = async (call: Promise<unknown>) =>
  failureSentence(
    await call.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );

describe('an account that is reached through something else than AWS', () => {
  let server: LoopbackServer;
  beforeAll(async () => {
    server = await startLoopbackServer((_request, outgoing) => {
      outgoing
        .writeHead(403, { 'content-type': 'text/html' })
        .end('<html><body>Sign in</body></html>');
    });
  });
  afterAll(() => server.stop());

  test.each(Object.entries(CALLS))(
    'fails on a page instead of an answer of %s, and says who gave it',
    async (_name, call) => {
      const { endpoint } = server;
      expect(await sentenceOf(call(openAccount({ region: 'eu-central-1', endpoint })))).toContain(
        `what answers at ${endpoint} is not AWS (HTTP status 403, text/html)`,
      );
    },
  );
});

const { open, calls } = fakePort((options) => createNamedParameters(new SSMClient(options)));

test('below reads the parameters of all pages, at any depth', async () => {
  const parameters = await open({
    GetParametersByPath: ({ NextToken }) =>
      NextToken === undefined
        ? { body: { Parameters: [{ Name: '/p/enabled', Value: 'true' }], NextToken: 'two' } }
        : { body: { Parameters: [{ Name: '/p/delivery/outcome', Value: 'none' }] } },
  });
  expect([...(await parameters.below('/p/'))]).toEqual([
    ['/p/enabled', 'true'],
    ['/p/delivery/outcome', 'none'],
  ]);
  expect(calls().map(({ input }) => input)).toEqual([
    { Path: '/p/', Recursive: true },
    { Path: '/p/', Recursive: true, NextToken: 'two' },
  ]);
});
