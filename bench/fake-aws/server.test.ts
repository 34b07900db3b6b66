import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { SOURCE_BUCKET } from '../upload-events';
import { FakeAwsServer } from './server';

let aws: FakeAwsServer;
let endpoint: string;

beforeEach(async () => {
  aws = new FakeAwsServer({ roundTripMilliseconds: 0, visibilityTimeoutSeconds: 30 });
  const facts = { eTag: '"v1"', crc64nvme: 'AAAAAAAAAAA=' };
  aws.s3.objects.put(`/${SOURCE_BUCKET}/a b.jpg`, 'picture', facts);
  endpoint = `http://127.0.0.1:${await aws.listen()}`;
});

afterEach(() => aws.close());

const s3 = (path: string, init: RequestInit = {}) => fetch(`${endpoint}${path}`, init);

async function sqs(action: string, body: object) {
  const headers = { 'x-amz-target': `AmazonSQS.${action}` };
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as {
    readonly Messages: readonly { readonly ReceiptHandle: string }[];
  };
}

describe('the fake of S3', () => {
  test('returns an object with length and version, and its checksum if asked for it', async () => {
    const plain = await s3(`/${SOURCE_BUCKET}/a%20b.jpg?x-id=GetObject`);
    expect(await plain.text()).toBe('picture');
    expect(plain.headers.get('etag')).toBe('"v1"');
    expect(plain.headers.get('content-length')).toBe('7');
    expect(plain.headers.get('x-amz-checksum-crc64nvme')).toBeNull();
    const checked = await s3(`/${SOURCE_BUCKET}/a%20b.jpg`, {
      headers: { 'x-amz-checksum-mode': 'ENABLED' },
    });
    expect(checked.headers.get('x-amz-checksum-crc64nvme')).toBe('AAAAAAAAAAA=');
  });

  test('answers a HEAD without a body, and a missing key with 404', async () => {
    const head = await s3(`/${SOURCE_BUCKET}/a%20b.jpg`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      '7',
      '',
    ]);
    expect((await s3(`/${SOURCE_BUCKET}/none.jpg`)).status).toBe(404);
  });

  test('takes a plain body, and one in chunks with a checksum behind it', async () => {
    await s3('/out/plain', { method: 'PUT', body: 'small' });
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '11' };
    const body = '6\r\nsmall \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
    await s3('/out/chunked', { method: 'PUT', headers, body });
    expect(aws.s3.written.get('/out/plain')?.bytes).toBe(5);
    expect(aws.s3.written.get('/out/chunked')?.bytes).toBe(11);
  });

  test('takes a body in pieces, whose tar counts by the samples of its index', async () => {
    const tar = '/out/parts/0123456789ab/a.tar';
    const begun = await s3(`${tar}?uploads`, { method: 'POST' });
    expect(await begun.text()).toContain('<UploadId>1</UploadId>');
    const piece = await s3(`${tar}?partNumber=1&uploadId=1`, { method: 'PUT', body: 'tar' });
    expect(piece.headers.get('etag')).toBeTruthy();
    const completed = await s3(`${tar}?uploadId=1`, { method: 'POST', body: '<Part/>' });
    expect(await completed.text()).toContain('<ETag>');
    expect(aws.s3.outputs).toBe(0);
    const body = '{"spillway":"part","samples":7}\n{"key":"a"}\n';
    await s3(tar.replace('.tar', '.jsonl'), { method: 'PUT', body });
    await s3('/out/plain', { method: 'PUT', body: 'small' });
    expect(aws.s3.outputs).toBe(8);
  });

  test('refuses a body that is shorter than was announced', async () => {
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '12' };
    const answer = await s3('/out/short', {
      method: 'PUT',
      headers,
      body: '5\r\nsmall\r\n0\r\n\r\n',
    });
    expect(answer.status).toBe(400);
    expect(aws.s3.written.size).toBe(0);
  });
});

describe('the fake of SQS', () => {
  test(
    'returns messages with what the SDK checks and a worker reads, and deletes them by ' +
      'their handles',
    async () => {
      const drained = aws.drain(['one']);
      const { Messages } = await sqs('ReceiveMessage', { MaxNumberOfMessages: 10 });
      expect(Messages).toEqual([
        {
          MessageId: expect.any(String),
          ReceiptHandle: expect.any(String),
          Body: 'one',
          MD5OfBody: createHash('md5').update('one').digest('hex'),
          Attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d+$/),
          },
        },
      ]);
      const Entries = [{ Id: '0', ReceiptHandle: Messages[0]?.ReceiptHandle }];
      expect(await sqs('DeleteMessageBatch', { Entries })).toEqual({
        Successful: [{ Id: '0' }],
        Failed: [],
      });
      await drained;
    },
  );

  test('says which visibility was not changed', async () => {
    const Entries = [{ Id: '7', ReceiptHandle: 'old/1', VisibilityTimeout: 0 }];
    expect(await sqs('ChangeMessageVisibilityBatch', { Entries })).toEqual({
      Successful: [],
      Failed: [{ Id: '7', Code: 'ReceiptHandleIsInvalid', SenderFault: true }],
    });
  });

  test('keeps the dead letters', async () => {
    await sqs('SendMessage', { MessageBody: 'broken' });
    expect(aws.sqs.sent).toEqual([expect.stringContaining('broken')]);
  });
});

test('outlives a client that is killed in the middle of a request', async () => {
  const { hostname, port } = new URL(endpoint);
  const client = connect(Number(port), hostname);
  client.write('PUT /out/cut HTTP/1.1\r\nhost: fake\r\ncontent-length: 10\r\n\r\nfive');
  await once(client, 'ready');
  await s3('/out/before', { method: 'PUT', body: 'small' });
  client.destroy();
  await s3('/out/after', { method: 'PUT', body: 'small' });
  expect(aws.s3.written.keys()).toEqual(['/out/after', '/out/before']);
  expect(aws.takeCounts()).toEqual({ PUT: 2 });
});

test('requests are counted by kind, from one look to the next', async () => {
  await s3(`/${SOURCE_BUCKET}/a%20b.jpg`);
  await s3('/out/plain', { method: 'PUT', body: 'small' });
  await sqs('ReceiveMessage', { MaxNumberOfMessages: 10 });
  expect(aws.takeCounts()).toEqual({ GET: 1, PUT: 1, ReceiveMessage: 1 });
  expect(aws.takeCounts()).toEqual({});
});

test('a long poll counts when it is answered, not when it begins', async () => {
  const poll = sqs('ReceiveMessage', { MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
  while (aws.firstReceiveAt === undefined) await setImmediate();
  await s3(`/${SOURCE_BUCKET}/a%20b.jpg`);
  expect(aws.takeCounts()).toEqual({ GET: 1 });
  void aws.drain(['message']);
  await poll;
  expect(aws.takeCounts()).toEqual({ ReceiveMessage: 1 });
});
