import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import type { AwsRequest, AwsResponse } from '../../local/ecs/aws-http';
import { type LoopbackServer, startLoopbackServer, writeAnswer } from '../../local/ecs/aws-http';
import { clientOptions } from '../../test/fakes/aws-server';
import type { Buckets } from '../ports/buckets';
import { createBuckets } from './buckets';

const PLACE = { bucket: 'photos', owner: '123456789012' };
const PART = 8 * 1_048_576;

let server: LoopbackServer;
let client: S3Client;
/** Method and query of every request, such as `PUT partNumber=1&uploadId=u`. */
let calls: string[];

afterEach(async () => {
  client.destroy();
  await server.stop();
});

/** @param answerTo - absent: the request waits for an answer without end. */
async function bucketsOn(
  answerTo: (request: AwsRequest, url: URL) => AwsResponse | undefined,
): Promise<Buckets> {
  calls = [];
  server = await startLoopbackServer((request, outgoing) => {
    const url = new URL(request.path, 'http://x');
    url.searchParams.delete('x-id');
    calls.push(`${request.method} ${url.searchParams}`);
    const answer = answerTo(request, url);
    if (answer) writeAnswer(outgoing, answer);
  });
  client = new S3Client({ ...clientOptions(server), forcePathStyle: true });
  return createBuckets(client);
}

const xml = (body: string): AwsResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(body),
});
const done = (headers: Readonly<Record<string, string>> = {}): AwsResponse => ({
  status: 200,
  headers,
  body: Buffer.alloc(0),
});
const BEGUN = xml(
  '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
);
const COMPLETE = xml(
  '<CompleteMultipartUploadResult><ETag>"e-3"</ETag></CompleteMultipartUploadResult>',
);

describe('list', () => {
  test('reads all pages, one after the other, and keys that XML cannot hold', async () => {
    const page = (keys: readonly string[], next?: string) =>
      xml(
        `<ListBucketResult><EncodingType>url</EncodingType>${keys
          .map(
            (key) =>
              `<Contents><Key>${key}</Key><Size>5</Size><ETag>&quot;e&quot;</ETag></Contents>`,
          )
          .join('')}${tokenOf(next)}</ListBucketResult>`,
      );
    const pages: Readonly<Record<string, AwsResponse>> = {
      '': page(['in/a', 'in/b+c'], 'two'),
      two: page(['in/%1B'], 'three'),
      three: page(['in/z']),
    };
    const buckets = await bucketsOn((_request, { searchParams }) => {
      expect(searchParams.get('start-after')).toBe('in/0');
      return pages[searchParams.get('continuation-token') ?? ''];
    });
    const keys: string[] = [];
    for await (const { key } of buckets.list(PLACE, 'in/', 'in/0')) keys.push(key);
    expect(keys).toEqual(['in/a', 'in/b c', 'in/\u001b', 'in/z']);
  });
});

test('an object has the same age in its headers and in a listing of milliseconds', async () => {
  const listed = xml(
    '<ListBucketResult><Contents><Key>a</Key><LastModified>1970-01-01T00:00:05.900Z' +
      '</LastModified></Contents></ListBucketResult>',
  );
  const head = done({ 'last-modified': 'Thu, 01 Jan 1970 00:00:05 GMT' });
  const buckets = await bucketsOn(({ path }) => (path.includes('/a') ? head : listed));
  const { value } = await buckets.list(PLACE, '')[Symbol.asyncIterator]().next();
  expect(value?.modifiedAt).toBe(5_000);
  expect(await buckets.look(PLACE, 'a')).toMatchObject({ modifiedAt: 5_000 });
});

describe('look', () => {
  test('describes an object, and returns nothing for a missing one', async () => {
    const there = {
      etag: '"e"',
      'last-modified': 'Thu, 01 Jan 1970 00:00:05 GMT',
      'x-amz-checksum-sha256': 's',
      'x-amz-meta-skipped-renditions': 'big:1',
    };
    const buckets = await bucketsOn(({ path, headers }) => {
      expect(headers['x-amz-expected-bucket-owner']).toBe('123456789012');
      return path.includes('/a')
        ? done(there)
        : { status: 404, headers: {}, body: Buffer.alloc(0) };
    });
    expect(await buckets.look(PLACE, 'a')).toEqual({
      bytes: 0,
      modifiedAt: 5_000,
      etag: 'e',
      sha256: 's',
      metadata: { 'skipped-renditions': 'big:1' },
    });
    expect(await buckets.look(PLACE, 'b')).toBeUndefined();
  });
});

describe('read', () => {
  test('returns the text of an object, and nothing for a missing one', async () => {
    const missing = xml('<Error><Code>NoSuchKey</Code></Error>');
    const buckets = await bucketsOn(({ path, headers }) => {
      expect(headers['x-amz-expected-bucket-owner']).toBe('123456789012');
      return path.includes('/a')
        ? { ...done(), body: Buffer.from('é') }
        : { ...missing, status: 404 };
    });
    expect(await buckets.read(PLACE, 'a')).toBe('é');
    expect(await buckets.read(PLACE, 'b')).toBeUndefined();
  });
});

describe('put', () => {
  const large = (end = async (): Promise<void> => undefined) => ({
    bytes: 2 * PART + 1,
    body: Readable.from(
      (async function* () {
        yield Buffer.alloc(PART);
        yield Buffer.alloc(PART);
        await end();
        yield Buffer.alloc(1);
      })(),
    ),
  });
  const options = (
    signal = new AbortController().signal,
    onSent = (_bytes: number): void => undefined,
  ) => {
    setMaxListeners(0, signal);
    return { signal, onSent };
  };
  const isPart = ({ searchParams }: URL) => searchParams.has('partNumber');
  const answerTo = ({ method }: AwsRequest, url: URL): AwsResponse => {
    if (method === 'DELETE') return { ...done(), status: 204 };
    if (isPart(url)) return done({ etag: '"e"' });
    return url.searchParams.has('uploads') ? BEGUN : COMPLETE;
  };

  test('sends a small object whole', async () => {
    const buckets = await bucketsOn(() => done());
    await buckets.put(PLACE, 'a', { body: Buffer.from('abc'), bytes: 3 }, options());
    expect(calls).toEqual(['PUT ']);
  });

  test('sends a large object in parts, and tells how much of it has gone', async () => {
    const buckets = await bucketsOn(answerTo);
    const sent: number[] = [];
    await buckets.put(
      PLACE,
      'a',
      large(),
      options(undefined, (bytes) => sent.push(bytes)),
    );
    expect([...calls].sort()).toEqual([
      'POST uploadId=u',
      'POST uploads=',
      ...[1, 2, 3].map((part) => `PUT partNumber=${part}&uploadId=u`),
    ]);
    expect(sent).toHaveLength(3);
    expect(sent.at(-1)).toBe(2 * PART + 1);
  });

  test('aborts parts at a request to stop, and removes the upload before it ends', async () => {
    const asked = new AbortController();
    const buckets = await bucketsOn((request, url) => {
      if (!isPart(url)) return answerTo(request, url);
      if (url.searchParams.get('partNumber') === '2') asked.abort();
      return undefined;
    });
    await expect(buckets.put(PLACE, 'a', large(), options(asked.signal))).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(calls.at(-1)).toBe('DELETE uploadId=u');
    expect(calls.filter((call) => call.startsWith('POST'))).toEqual(['POST uploads=']);
  });

  test('breaks a small object off that is under way when it is asked to stop', async () => {
    const asked = new AbortController();
    const buckets = await bucketsOn(() => {
      asked.abort();
      return undefined;
    });
    const put = buckets.put(
      PLACE,
      'a',
      { body: Buffer.from('abc'), bytes: 3 },
      options(asked.signal),
    );
    await expect(put).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('begins nothing that is to stop before its beginning', async () => {
    const buckets = await bucketsOn(answerTo);
    await expect(buckets.put(PLACE, 'a', large(), options(AbortSignal.abort()))).rejects.toThrow();
    expect(calls).toEqual([]);
  });

  test('takes the upload away when the file changes on the way', async () => {
    const buckets = await bucketsOn(answerTo);
    const changed = large(async () => {
      throw new Error('Changed');
    });
    await expect(buckets.put(PLACE, 'a', changed, options())).rejects.toThrow('Changed');
    expect(calls.at(-1)).toBe('DELETE uploadId=u');
  });
});

function tokenOf(next: string | undefined): string {
  return next ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
}
