import { createHash } from 'node:crypto';
import { FakeAws } from '../../../../test/fakes/aws-server';
import type { OpenedSource } from '../job/ports';
import { AWS_CLIENTS } from '../settings';
import type { AwsCalls } from './calls';
import { awsCalls } from './client';
import { S3SourceObjects } from './s3';

const never = new AbortController().signal;
const queue = { QueueUrl: 'http://queue.invalid/123456789012/work' };
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Larger than what one read of a connection brings. */
const PICTURE = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
/** Of the picture. */
const CHECKSUMS = {
  crc32: 'ZjuqlQ==',
  crc32c: 'p9OMIA==',
  crc64nvme: '4H2n8oNNAVM=',
  sha1: createHash('sha1').update(PICTURE).digest('base64'),
  sha256: createHash('sha256').update(PICTURE).digest('base64'),
};
const ALGORITHMS = Object.keys(CHECKSUMS) as readonly (keyof typeof CHECKSUMS)[];

let aws: FakeAws;
let calls: AwsCalls;

beforeEach(async () => {
  aws = await FakeAws.start();
  jest.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await aws.stop();
});

/** Answers with this body under these headers; `announced` bytes may be more than it has. */
function holds(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
  announced = body.length,
): void {
  aws.answer = (response) => {
    response.writeHead(200, { etag: '"v1"', 'content-length': announced, ...headers });
    if (announced === body.length) response.end(body);
    else response.write(body, () => response.destroy());
  };
}

async function opened(): Promise<OpenedSource> {
  const source = await new S3SourceObjects(calls.s3, { bucket: 'photos' }).open('a.jpg', never);
  if (!source) throw new Error('There is no object.');
  return source;
}

function altered(body: Buffer, at: number): Buffer {
  const other = Buffer.from(body);
  other.writeUInt8((body.readUInt8(at) + 1) % 256, at);
  return other;
}

describe.each(AWS_CLIENTS)('by the client %s', (client) => {
  beforeEach(async () => {
    calls = await awsCalls(aws.settings, client);
  });

  describe.each(ALGORITHMS)('a body with the checksum %s', (algorithm) => {
    const headers = { [`x-amz-checksum-${algorithm}`]: CHECKSUMS[algorithm] };

    test('is read when it is whole, several at a time', async () => {
      holds(PICTURE, headers);
      const sources = await Promise.all([opened(), opened(), opened()]);
      const bodies = await Promise.all(sources.map((source) => source.read()));
      for (const body of bodies) expect(body.equals(PICTURE)).toBe(true);
    });

    test.each([0, 150_000, 299_999])('fails when its byte %i is another one', async (at) => {
      holds(altered(PICTURE, at), headers);
      await expect((await opened()).read()).rejects.toMatchObject({ code: 'SourceUnavailable' });
      holds(PICTURE, headers);
      expect((await (await opened()).read()).equals(PICTURE)).toBe(true);
    });
  });

  test('fails when a body without a checksum is cut short', async () => {
    holds(PICTURE.subarray(0, 200_000), {}, PICTURE.length);
    await expect((await opened()).read()).rejects.toMatchObject({ code: 'SourceUnavailable' });
  });

  test('a checksum of the parts of a multipart upload says nothing of the whole', async () => {
    holds(PICTURE, { 'x-amz-checksum-crc32': 'AAAAAA==-3', 'x-amz-checksum-type': 'COMPOSITE' });
    expect((await (await opened()).read()).equals(PICTURE)).toBe(true);
  });

  test('an empty object is read, too', async () => {
    holds(Buffer.alloc(0), { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' });
    expect(await (await opened()).read()).toHaveLength(0);
  });

  test.each([
    ['an ETag', { 'content-length': '7' }],
    ['a length', { etag: '"v1"', 'transfer-encoding': 'chunked' }],
  ])('fails when an answer lacks %s, and keeps no connection for it', async (_, headers) => {
    aws.answer = (response) => response.writeHead(200, headers).write('picture');
    await expect(opened()).rejects.toMatchObject({ code: 'SourceUnavailable' });
    await aws.isQuiet();
  });

  test('fails when a message is not what SQS says it is', async () => {
    aws.returns({
      Messages: [{ MessageId: 'm', ReceiptHandle: 'r', Body: 'é', MD5OfBody: md5('e') }],
    });
    await expect(calls.sqs.receiveMessage(queue, never)).rejects.toThrow('Invalid MD5 checksum');
    aws.returns({
      Messages: [{ MessageId: 'm', ReceiptHandle: 'r', Body: 'é', MD5OfBody: md5('é') }],
    });
    expect((await calls.sqs.receiveMessage(queue, never)).Messages).toHaveLength(1);
  });

  test('fails when SQS has taken another message than it was sent', async () => {
    aws.returns({ MessageId: 'm', MD5OfMessageBody: md5('other') });
    await expect(calls.sqs.sendMessage({ ...queue, MessageBody: 'one' })).rejects.toThrow();
    aws.returns({
      Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: md5('other') }],
      Failed: [],
    });
    const Entries = [{ Id: '0', MessageBody: 'one' }];
    await expect(calls.sqs.sendMessageBatch({ ...queue, Entries })).rejects.toThrow();
  });
});
