import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListClustersCommand } from '@aws-sdk/client-ecs';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createClients } from './clients';

describe('createClients, on the machine of a user of AWS', () => {
  let server: Server;
  let endpoint: string;
  let folder: string;
  const requests: IncomingHttpHeaders[] = [];
  const before = { ...process.env };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-test-'));
    const config = join(folder, 'config');
    await writeFile(
      config,
      '[profile production]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:1\n',
    );
    Object.assign(process.env, {
      AWS_PROFILE: 'production',
      AWS_CONFIG_FILE: config,
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_ACCESS_KEY_ID: 'AKIAREALREALREALREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_SESSION_TOKEN: 'real',
    });
    server = createServer((request, response) => {
      requests.push(request.headers);
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    process.env = before;
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  test('uses the emulator alone, with credentials that open nothing', async () => {
    const clients = createClients(endpoint);
    await clients.ecs.send(new ListClustersCommand({}));
    await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: 'http://127.0.0.1:1/123456789012/work' }),
    );
    clients.destroy();
    expect(requests).toHaveLength(2);
    for (const { authorization = '', 'x-amz-security-token': token } of requests) {
      expect(authorization).toMatch(/Credential=123456789012\/\d{8}\/us-east-1\//);
      expect(token).toBeUndefined();
    }
  });
});
