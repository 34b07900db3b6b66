import { Readable } from 'node:stream';
import { FakeAws } from '../../../../test/fakes/aws-server';
import { TransientFault } from '../faults';
import { AWS_CLIENTS } from '../settings';
import type { S3Calls } from './calls';
import { awsCalls } from './client';
import { S3OutputObjects, S3SourceObjects } from './s3';

const bucket = { bucket: 'photos', expectedBucketOwner: '123456789012' };
const key = 'ecsproc/Été 1+2%.jpg';
const never = new AbortController().signal;

let aws: FakeAws;
let sources: S3SourceObjects;
let renditions: S3OutputObjects;

afterEach(async () => {
  jest.restoreAllMocks();
  await aws.stop();
});

/** Answers every GET with this object; `announced` bytes may be another number than it has. */
function holds(body: string, announced = body.length, headers = {}): void {
  aws.answer = (response, { method }) => {
    response.writeHead(200, { etag: '"v1"', 'content-length': announced, ...headers });
    if (method === 'HEAD') response.end();
    else if (announced === body.length) response.end(body);
    else response.write(body, () => response.destroy());
  };
}

describe.each(AWS_CLIENTS)('by the client %s', (client) => {
  beforeEach(async () => {
    aws = await FakeAws.start();
    // The jitter is full: the least that is waited is nothing.
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const { s3 } = await awsCalls(aws.settings, client);
    sources = new S3SourceObjects(s3, bucket);
    renditions = new S3OutputObjects(s3, bucket);
  });

  describe('S3SourceObjects', () => {
    test('opens an object of the expected owner and reads it', async () => {
      holds('picture', 7, { 'content-type': 'image/gif' });
      const opened = await sources.open(key, never);
      expect(opened).toMatchObject({ eTag: '"v1"', bytes: 7, contentType: 'image/gif' });
      expect((await opened?.read())?.toString()).toBe('picture');
      expect(aws.received[0]).toMatchObject({
        method: 'GET',
        url: expect.stringMatching(
          /^\/photos\/ecsproc\/%C3%89t%C3%A9%201%2B2%25\.jpg(\?x-id=GetObject)?$/,
        ),
        headers: {
          'x-amz-expected-bucket-owner': '123456789012',
          'x-amz-checksum-mode': 'ENABLED',
        },
      });
    });

    test('reads into memory that its reader provides', async () => {
      holds('picture');
      const memory = Buffer.alloc(7);
      const opened = await sources.open(key, never);
      const body = await opened?.read((bytes) => memory.subarray(0, bytes));
      expect([body?.toString(), body?.buffer === memory.buffer]).toEqual(['picture', true]);
    });

    test('looks at an object without its body', async () => {
      holds('picture');
      expect(await sources.look(key, never)).toEqual({ eTag: '"v1"', bytes: 7 });
      expect(aws.received[0]?.method).toBe('HEAD');
    });

    test('finds nothing where there is no object', async () => {
      aws.fails(404, 'NoSuchKey');
      expect(await sources.open(key, never)).toBeUndefined();
      expect(await sources.look(key, never)).toBeUndefined();
    });

    test.each([
      [404, 'NoSuchBucket', 'SourceUnavailable', 'the bucket may come back', 'SharedFault'],
      [403, 'AccessDenied', 'AccessDenied', 'the permission may be granted', 'TransientFault'],
      [403, 'InvalidObjectState', 'SourceUnavailable', 'it may be restored', 'TransientFault'],
      [503, 'SlowDown', 'SourceUnavailable', 'a throttle passes', 'SharedFault'],
      [500, 'InternalError', 'SourceUnavailable', 'the service recovers', 'SharedFault'],
    ])('fails when S3 says %i %s: %s, since %s: a %s', async (status, s3Code, code, _why, name) => {
      aws.fails(status, s3Code);
      const fault = await sources.open(key, never).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(TransientFault);
      expect(fault).toMatchObject({ name, code, message: expect.stringContaining(s3Code) });
      expect(aws.received).toHaveLength(status >= 500 ? 4 : 1);
    });

    test('fails when S3 denies a look, which has no body to say why', async () => {
      aws.fails(403, 'AccessDenied');
      await expect(sources.look(key, never)).rejects.toMatchObject({ code: 'AccessDenied' });
    });

    test('fails when the connection breaks in the middle of the body', async () => {
      holds('pic', 7);
      const opened = await sources.open(key, never);
      await expect(opened?.read()).rejects.toMatchObject({ code: 'SourceUnavailable' });
    });

    test('fails when the body is another picture than its checksum says', async () => {
      holds('picture', 7, { 'x-amz-checksum-crc32': 'AAAAAA==' });
      const opened = await sources.open(key, never);
      await expect(opened?.read()).rejects.toMatchObject({ code: 'SourceUnavailable' });
    });

    test.each(['pic', 'pictures'])(
      'fails when the body is %s where 7 bytes were announced',
      async (body) => {
        const output = { eTag: '"v1"', bytes: 7, body: Readable.from([Buffer.from(body)]) };
        const calls = { getObject: async () => output } as unknown as S3Calls;
        const opened = await new S3SourceObjects(calls, bucket).open(key, never);
        await expect(opened?.read()).rejects.toThrow(
          `Expected 7 bytes of ${key} but received ${body.length}`,
        );
      },
    );

    test('survives a connection that breaks before anybody reads, and a discard', async () => {
      holds('pic', 7_000_000, { 'x-amz-checksum-crc32': 'AAAAAA==' });
      const opened = await sources.open(key, never);
      await new Promise((resolve) => setTimeout(resolve, 20));
      opened?.discard();
      opened?.discard();
      holds('picture');
      expect((await (await sources.open(key, never))?.read())?.toString()).toBe('picture');
    });

    test('fails with the reason of its signal when that is aborted', async () => {
      const job = new AbortController();
      aws.answer = () => job.abort(new Error('cancelled'));
      await expect(sources.open(key, job.signal)).rejects.toThrow('cancelled');
    });
  });

  describe('S3OutputObjects', () => {
    const rendition = {
      key,
      body: Buffer.from('small'),
      contentType: 'image/webp',
      sourceETag: '"v1"',
      metadata: {},
    };

    test('writes a rendition with its type, a checksum and the ETag of its source', async () => {
      await renditions.write(rendition, never);
      expect(aws.received[0]).toMatchObject({
        method: 'PUT',
        body: 'small',
        headers: {
          'content-type': 'image/webp',
          'x-amz-meta-source-etag': '"v1"',
          'x-amz-expected-bucket-owner': '123456789012',
          'x-amz-checksum-crc32': expect.any(String),
        },
      });
    });

    test('writes the headers with which it is served, and none that it was not given', async () => {
      const headers = { cacheControl: 'public, max-age=60', contentDisposition: 'attachment' };
      await renditions.write({ ...rendition, ...headers }, never);
      await renditions.write(rendition, never);
      expect(aws.received[0]?.headers).toMatchObject({
        'cache-control': 'public, max-age=60',
        'content-disposition': 'attachment',
      });
      expect(Object.keys(aws.received[1]?.headers ?? {})).not.toContain('cache-control');
      expect(Object.keys(aws.received[1]?.headers ?? {})).not.toContain('content-disposition');
    });

    test('writes what else the metadata says', async () => {
      await renditions.write({ ...rendition, metadata: { 'skipped-renditions': 'big:1' } }, never);
      expect(aws.received[0]?.headers).toMatchObject({
        'x-amz-meta-source-etag': '"v1"',
        'x-amz-meta-skipped-renditions': 'big:1',
      });
    });

    test.each([
      [403, 'AccessDenied', 'AccessDenied'],
      [404, 'NoSuchBucket', 'DestinationUnavailable'],
      [503, 'SlowDown', 'DestinationUnavailable'],
    ])('fails when S3 says %i %s: %s', async (status, s3Code, code) => {
      aws.fails(status, s3Code);
      await expect(renditions.write(rendition, never)).rejects.toMatchObject({
        name: 'SharedFault',
        code,
      });
    });
  });

  describe.each([
    ['S3SourceObjects', () => sources],
    ['S3OutputObjects', () => renditions],
  ])('a probe of %s', (_name, side) => {
    test('asks for the bucket alone, of its owner', async () => {
      await side().probe(never);
      expect(aws.received).toEqual([
        expect.objectContaining({
          method: 'HEAD',
          url: expect.stringMatching(/^\/photos\/?(\?|$)/),
          headers: expect.objectContaining({ 'x-amz-expected-bucket-owner': '123456789012' }),
        }),
      ]);
    });

    test('takes a refusal for an answer', async () => {
      aws.fails(403, 'AccessDenied');
      await side().probe(never);
      expect(aws.received).toHaveLength(1);
    });

    test.each([404, 503])('fails when S3 says %i', async (status) => {
      aws.fails(status, 'Whatever');
      await expect(side().probe(never)).rejects.toThrow();
    });
  });
});
