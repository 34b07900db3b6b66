import { Readable } from 'node:stream';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { FakeAws } from '../../../../test/fakes/aws-server';
import { AWS_CLIENTS, type AwsClient } from '../settings';
import { awsCalls } from './client';
import type { ClientSettings } from './settings';

const key = 'a b.jpg';
const never = new AbortController().signal;
const variables = { ...process.env };

beforeEach(() => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
});

afterEach(() => {
  process.env = { ...variables };
  jest.restoreAllMocks();
});

/** Where the requests of a client go, without any that goes. */
async function requestsOf(
  client: AwsClient,
  settings: Partial<ClientSettings>,
  bucket: string,
): Promise<readonly string[]> {
  const requests: string[] = [];
  jest
    .spyOn(NodeHttpHandler.prototype, 'handle')
    .mockImplementation(async (request: HttpRequest) => {
      const { protocol, hostname, port, path, headers } = request;
      const [, region, service] =
        /\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '') ?? [];
      requests.push(
        `${protocol}//${headers.host}|${hostname}:${port ?? ''}${path} for ${service} in ${region}`,
      );
      const response = { statusCode: 200, headers: { etag: '"v1"', 'content-length': '0' } };
      return { response: new HttpResponse({ ...response, body: Readable.from([]) }) };
    });
  const { s3, sqs } = await awsCalls(
    { region: 'us-east-1', jobConcurrency: 1, ...settings },
    client,
  );
  await s3.headObject({ bucket, key }, never).catch((error: Error) => requests.push(error.message));
  const QueueUrl = `https://sqs.${settings.region ?? 'us-east-1'}.amazonaws.com/123456789012/work`;
  await sqs
    .receiveMessage({ QueueUrl }, never)
    .catch((error: Error) => requests.push(error.message));
  return requests;
}

const FIPS = { AWS_USE_FIPS_ENDPOINT: 'true' };
const DUAL_STACK = { AWS_USE_DUALSTACK_ENDPOINT: 'true' };
const LOCAL = { s3Endpoint: 'http://127.0.0.1:4566', sqsEndpoint: 'http://127.0.0.1:4566/sqs' };

describe('the lean client asks the hosts that the SDK asks', () => {
  test.each<[string, string, Partial<ClientSettings>, NodeJS.ProcessEnv, string]>([
    ['s3.us-east-1.amazonaws.com', 'photos', {}, {}, 'a bucket is part of the host'],
    [
      's3.eu-west-1.amazonaws.com',
      'photos',
      { region: 'eu-west-1' },
      {},
      'every region has its own',
    ],
    ['amazonaws.com:/with.dots/', 'with.dots', {}, {}, 'no certificate covers a bucket with dots'],
    ['s3-fips.us-east-1', 'photos', {}, FIPS, 'FIPS is demanded'],
    ['s3.dualstack.us-east-1', 'photos', {}, DUAL_STACK, 'IPv6 is wanted'],
    [
      's3-fips.dualstack.us-gov-west-1',
      'photos',
      { region: 'us-gov-west-1' },
      { ...FIPS, ...DUAL_STACK },
      'both',
    ],
    ['amazonaws.com.cn', 'photos', { region: 'cn-north-1' }, {}, 'China is another partition'],
    ['127.0.0.1:4566/photos/', 'photos', LOCAL, {}, 'an endpoint is set'],
    [
      's3-accesspoint',
      'arn:aws:s3:us-east-1:123456789012:accesspoint/mine',
      {},
      {},
      'it is an access point',
    ],
    [
      'SigV4a',
      'arn:aws:s3::123456789012:accesspoint/mine.mrap',
      {},
      {},
      'the SDK has to sign for all regions',
    ],
    ['FIPS', 'photos', { s3Endpoint: LOCAL.s3Endpoint }, FIPS, 'an endpoint is no FIPS one'],
  ])('%s for %s', async (part, bucket, settings, environment, _reason) => {
    Object.assign(process.env, environment);
    jest.spyOn(console, 'warn').mockReturnValue();
    const lean = await requestsOf('lean', settings, bucket);
    expect(lean).toEqual(await requestsOf('sdk', settings, bucket));
    expect(lean[0]).toContain(part);
  });

  test('and leaves directory buckets to it, which have sessions of their own', async () => {
    const lean = await requestsOf('lean', {}, 'photos--use1-az4--x-s3');
    expect(lean).toEqual(await requestsOf('sdk', {}, 'photos--use1-az4--x-s3'));
    expect(lean[0]).toContain('s3express');
  });
});

describe.each(AWS_CLIENTS)('by the client %s', (client) => {
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await FakeAws.start();
  });
  afterEach(() => aws.stop());

  test('a bucket of another region is asked for there', async () => {
    aws.answer = (response, { headers }) => {
      if (headers.authorization?.includes('/eu-central-1/s3/'))
        response.writeHead(200, { etag: '"v1"', 'content-length': 1 }).end();
      else response.writeHead(301, { 'x-amz-bucket-region': 'eu-central-1' }).end();
    };
    const { s3 } = await awsCalls(aws.settings, client);
    for (let call = 0; call < 2; call += 1)
      expect(await s3.headObject({ bucket: 'photos', key }, never)).toEqual({
        eTag: '"v1"',
        bytes: 1,
      });
    // The lean client remembers where the bucket is.
    expect(aws.received).toHaveLength(client === 'lean' ? 3 : 4);
  });

  test('fails when a bucket is in no region that it is sent to', async () => {
    aws.answer = (response) =>
      response.writeHead(301, { 'x-amz-bucket-region': 'eu-central-1' }).end();
    const { s3 } = await awsCalls(aws.settings, client);
    await expect(s3.headObject({ bucket: 'photos', key }, never)).rejects.toThrow();
    expect(aws.received).toHaveLength(2);
  });

  test('the application has its name in every request, where it has one', async () => {
    process.env.AWS_SDK_UA_APP_ID = 'album';
    aws.answer = (response) => response.writeHead(200, { etag: '"v1"', 'content-length': 1 }).end();
    const { s3 } = await awsCalls(aws.settings, client);
    await s3.headObject({ bucket: 'photos', key }, never);
    expect(aws.received[0]?.headers['user-agent']).toMatch(/ app\/album$/);
  });

  test('no proxy is asked, since the SDK takes one only in code', async () => {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'])
      process.env[name] = 'http://127.0.0.1:9';
    aws.answer = (response) => response.writeHead(200, { etag: '"v1"', 'content-length': 1 }).end();
    const { s3 } = await awsCalls(aws.settings, client);
    expect(await s3.headObject({ bucket: 'photos', key }, never)).toEqual({
      eTag: '"v1"',
      bytes: 1,
    });
  });
});
