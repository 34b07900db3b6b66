import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { FakeAws } from '../../../../test/fakes/aws-server';
import { isSignedBy } from '../../../../test/fakes/signature';
import { AWS_CLIENTS } from '../settings';
import type { AwsCalls } from './calls';
import { awsCalls } from './client';

const name = { bucket: 'photos', key: 'a.jpg' };
const never = new AbortController().signal;
const queue = { QueueUrl: 'http://queue.invalid/123456789012/work' };
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const HOUR = 3_600_000;
const variables = { ...process.env };

let aws: FakeAws;
let calls: AwsCalls;

beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = SECRET;
  aws = await FakeAws.start();
  aws.answer = isThere;
});

afterEach(async () => {
  process.env = { ...variables };
  jest.restoreAllMocks();
  await aws.stop();
});

function isThere(response: ServerResponse): void {
  response.writeHead(200, { etag: '"v1"', 'content-length': 0 });
  response.end();
}

const pathOf = (url: string | undefined) => url?.split('?')[0];
const accessKeyOf = (authorization: string | undefined) =>
  /Credential=(\w+)/.exec(authorization ?? '')?.[1];

describe.each(AWS_CLIENTS)('by the client %s', (client) => {
  beforeEach(async () => {
    calls = await awsCalls(aws.settings, client);
  });

  test.each([
    ['ecsproc/Été 1+2%.jpg', '/photos/ecsproc/%C3%89t%C3%A9%201%2B2%25.jpg'],
    ['a//b', '/photos/a//b'],
    ['/a', '/photos//a'],
    ['a/../b/./c', '/photos/a/../b/./c'],
    ['a/', '/photos/a/'],
    ['日本 🚀.png', '/photos/%E6%97%A5%E6%9C%AC%20%F0%9F%9A%80.png'],
    ["~*(1)!'.png", '/photos/~%2A%281%29%21%27.png'],
    ['a?b#c&d=e', '/photos/a%3Fb%23c%26d%3De'],
    ['%2F', '/photos/%252F'],
    ['a\tb\nc', '/photos/a%09b%0Ac'],
  ])('the key %j is asked for as it is, and signed', async (key, path) => {
    await calls.s3.headObject({ ...name, key }, never);
    const [request] = aws.received;
    expect(pathOf(request?.url)).toBe(path);
    expect(request && isSignedBy(SECRET, request)).toBe(true);
  });

  test('every key comes as it was named, under a right signature', async () => {
    const keys = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(keys, async (key) => {
        await calls.s3.headObject({ ...name, key }, never);
        const request = aws.received.at(-1);
        expect(decodeURIComponent(pathOf(request?.url) ?? '')).toBe(`/photos/${key}`);
        expect(request && isSignedBy(SECRET, request)).toBe(true);
      }),
    );
  });

  test.each([
    ['a body', Buffer.from('small'), { 'source-etag': '"v1"', 'skipped-because': 'a  b, c;d' }],
    ['an empty body', Buffer.alloc(0), {}],
  ])('what is written is signed with %s and all that is said of it', async (_, body, metadata) => {
    await calls.s3.putObject({ ...name, body, contentType: 'image/webp', metadata }, never);
    const [request] = aws.received;
    expect(request).toMatchObject({
      method: 'PUT',
      body: body.toString(),
      headers: {
        'content-length': String(body.length),
        'x-amz-checksum-crc32': expect.any(String),
      },
    });
    expect(request && isSignedBy(SECRET, request)).toBe(true);
  });

  test('fails when metadata is no ASCII, before S3 would refuse it', async () => {
    const rendition = { ...name, body: Buffer.from('a'), contentType: 'image/webp' };
    await expect(
      calls.s3.putObject({ ...rendition, metadata: { a: '日' } }, never),
    ).rejects.toThrow();
    expect(aws.received).toEqual([]);
  });

  test('a call of SQS is signed', async () => {
    aws.returns({});
    await calls.sqs.deleteMessageBatch({ ...queue, Entries: [{ Id: '0', ReceiptHandle: 'é' }] });
    const [request] = aws.received;
    expect(request && isSignedBy(SECRET, request)).toBe(true);
  });

  test('a wrong clock is set by that of the service, at once and for all later calls', async () => {
    const serverTime = Date.now() + HOUR;
    aws.answer = (response, { headers }) => {
      const signed = String(headers['x-amz-date']).replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:');
      response.setHeader('date', new Date(serverTime).toUTCString());
      if (Math.abs(Date.parse(signed) - serverTime) < HOUR / 4) return isThere(response);
      response.writeHead(403).end('<Error><Code>RequestTimeTooSkewed</Code></Error>');
    };
    jest.spyOn(Math, 'random').mockReturnValue(0);
    await calls.s3.headObject(name, never);
    expect(aws.received).toHaveLength(2);
    await Promise.all([calls.s3.headObject(name, never), calls.s3.headObject(name, never)]);
    expect(aws.received).toHaveLength(4);
  });

  test('credentials of the container are asked for again before they expire', async () => {
    const container = await FakeAws.start();
    let answers = 0;
    container.answer = (response, { headers }) => {
      answers += 1;
      expect(headers.authorization).toBe('Bearer of the task');
      const Expiration = new Date(Date.now() + (answers === 1 ? 60_000 : HOUR)).toISOString();
      const secrets = { SecretAccessKey: SECRET, Token: `token ${answers}` };
      response.end(JSON.stringify({ AccessKeyId: `KEY${answers}`, ...secrets, Expiration }));
    };
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `${container.settings.endpoint}/task`;
    process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN = 'Bearer of the task';
    try {
      for (let call = 0; call < 4; call += 1) await calls.s3.headObject(name, never);
    } finally {
      await container.stop();
    }
    const signers = aws.received.map(({ headers }) => accessKeyOf(headers.authorization));
    expect(signers.at(-1)).toBe('KEY2');
    expect(new Set(signers).size).toBeLessThanOrEqual(2);
    expect(aws.received.at(-1)?.headers['x-amz-security-token']).toBe('token 2');
    expect(answers).toBe(2);
  });
});
