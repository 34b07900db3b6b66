import type { ServerResponse } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { clientOptions, FakeAws, type Received } from '../../test/fakes/aws-server';
import { DatasetError, MissingObjectError } from '../faults';
import { openPorts } from './open-ports';
import { S3DatasetStore } from './s3-store';

const MIB = 1024 * 1024;
const OWNER = '123456789012';

let aws: FakeAws;
let store: S3DatasetStore;
const client = () => new S3Client({ ...clientOptions(aws), forcePathStyle: true });
beforeEach(async () => {
  aws = await FakeAws.start();
  store = new S3DatasetStore(client(), { bucket: 'made', owner: OWNER });
});
afterEach(() => aws.stop());

async function* pieces(count: number, bytes: number) {
  for (let at = 0; at < count; at += 1) yield Buffer.alloc(bytes, at + 1);
}

async function taken<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}

/** Answers the calls of a multipart upload; the last one as `end` says. */
function multipart(end: (response: ServerResponse) => void): void {
  aws.answer = (response, { method, url }) => {
    if (url.includes('uploads'))
      response.end(
        '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
      );
    else if (method === 'PUT') response.setHeader('etag', '"part"').end();
    else if (method === 'POST') end(response);
    else response.writeHead(204).end();
  };
}

const headersOf = (wanted: (received: Received) => boolean) => aws.received.find(wanted)?.headers;

describe('a new object', () => {
  test('is written on the condition that it is new, and for the account alone', async () => {
    expect(await store.create('a.json', pieces(1, 3))).toBe(true);
    expect(aws.received.map(({ method }) => method)).toEqual(['PUT']);
    expect(aws.received[0]?.headers).toMatchObject({
      'if-none-match': '*',
      'x-amz-expected-bucket-owner': OWNER,
    });
  });

  test('goes up in pieces when it is large, on the same condition at the end', async () => {
    multipart((response) => response.end('<CompleteMultipartUploadResult/>'));
    expect(await store.create('a.tar', pieces(5, 4 * MIB))).toBe(true);
    expect(aws.received.filter(({ method }) => method === 'PUT')).toHaveLength(2);
    const end = headersOf(({ method, url }) => method === 'POST' && url.includes('uploadId'));
    expect(end).toMatchObject({ 'if-none-match': '*', 'x-amz-expected-bucket-owner': OWNER });
  });

  test('stays away where one is there already, small or large', async () => {
    aws.fails(412, 'PreconditionFailed');
    expect(await store.create('a.json', pieces(1, 3))).toBe(false);
    const xml = '<Error><Code>PreconditionFailed</Code></Error>';
    multipart((response) => response.writeHead(412).end(xml));
    expect(await store.create('a.tar', pieces(5, 4 * MIB))).toBe(false);
    expect(aws.received.at(-1)?.method).toBe('DELETE');
  });

  test('fails when another one is being written, and says what to do', async () => {
    aws.fails(409, 'ConditionalRequestConflict');
    await expect(store.create('a.json', pieces(1, 3))).rejects.toThrow(
      /another run writes the same object at this moment.*run it again/,
    );
  });
});

describe('dataset.json', () => {
  test('is replaced only while it is the one that was read', async () => {
    expect(await store.replace('dataset.json', '{}', '"e"')).toBe(true);
    expect(aws.received[0]?.headers).toMatchObject({ 'if-match': '"e"' });
    aws.fails(412, 'PreconditionFailed');
    expect(await store.replace('dataset.json', '{}', '"e"')).toBe(false);
    aws.fails(404, 'NoSuchKey');
    expect(await store.replace('dataset.json', '{}', '"e"')).toBe(false);
  });

  test('fails for every other error', async () => {
    aws.fails(403, 'AccessDenied');
    await expect(store.replace('dataset.json', '{}', '"e"')).rejects.toThrow('As asked.');
  });
});

describe('what is read', () => {
  test('is exactly the bytes that were asked for', async () => {
    aws.answer = (response) => response.end('hello');
    expect(Buffer.from(await store.range('a.tar', 512, 5)).toString()).toBe('hello');
    expect(aws.received[0]?.headers.range).toBe('bytes=512-516');
    await expect(store.range('a.tar', 512, 6)).rejects.toThrow(DatasetError);
  });

  test('is a text with its ETag, or nothing', async () => {
    aws.answer = (response) => response.setHeader('etag', '"e"').end('{}');
    expect(await store.text('dataset.json')).toEqual({ text: '{}', eTag: '"e"' });
    aws.fails(404, 'NoSuchKey');
    expect(await store.text('dataset.json')).toBeUndefined();
    await expect(store.range('a.tar', 0, 1)).rejects.toThrow(MissingObjectError);
    await expect(taken(store.stream('a.tar'))).rejects.toThrow(MissingObjectError);
  });
});

test('sources are the objects that raise events, by their decoded keys', async () => {
  const keys = ['in/a%2Bb+%C3%A4.jpg', 'in/b.txt', 'in/c/', 'in/out/d.jpg'];
  const contents = keys.map(
    (key) =>
      `<Contents><Key>${key}</Key><Size>${key.endsWith('/') ? 0 : 1}</Size>` +
      '<ETag>"e"</ETag></Contents>',
  );
  aws.answer = (response) =>
    response.end(
      `<ListBucketResult><EncodingType>url</EncodingType>${contents.join('')}</ListBucketResult>`,
    );
  const buckets = {
    source: { bucket: 'made', prefix: 'in/' },
    destination: { bucket: 'made', prefix: 'in/out/' },
    suffixes: ['.jpg', '/'],
  };
  const { ports, close } = openPorts(client(), buckets, () => undefined);
  expect(await taken(ports.sources.list())).toEqual([{ key: 'in/a+b ä.jpg', eTag: '"e"' }]);
  close();
});

describe('removing', () => {
  test('takes a thousand keys in a call', async () => {
    aws.answer = (response) => response.end('<DeleteResult/>');
    await store.remove(Array.from({ length: 1001 }, (_, at) => `${at}`));
    expect(aws.received.map(({ url }) => url)).toHaveLength(2);
  });

  test('fails for a key that S3 does not delete', async () => {
    aws.answer = (response) =>
      response.end(
        '<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>no</Message></Error>' +
          '</DeleteResult>',
      );
    await expect(store.remove(['a'])).rejects.toThrow(
      '1 objects could not be deleted, among them a: AccessDenied, no. Run it again.',
    );
  });
});
