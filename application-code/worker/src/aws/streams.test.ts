import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { FakeAws, type Received } from '../../../../test/fakes/aws-server';
import { FakeClock } from '../../../../test/fakes/clock';
import { sourceOf } from '../job/opened-source';
import { AWS_CLIENTS } from '../settings';
import { awsCalls } from './client';
import { S3OutputObjects, S3SourceObjects } from './s3';

const MIB = 1024 * 1024;
const BODY = 'abcdefgh'.repeat(40_000);
/** Of the body. */
const CRC32 = 'J6nU/w==';
const { signal } = new AbortController();

let aws: FakeAws;
let sources: S3SourceObjects;
let outputs: S3OutputObjects;
let folder: string;

beforeEach(async () => {
  aws = await FakeAws.start();
  folder = await mkdtemp(join(tmpdir(), 'spillway-streams-'));
  jest.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await aws.stop();
  await rm(folder, { recursive: true });
});

function holds(body: string, announced = body.length): void {
  aws.answer = (response) => {
    const headers = { etag: '"v1"', 'content-length': announced, 'x-amz-checksum-crc32': CRC32 };
    response.writeHead(200, headers);
    if (announced === body.length) response.end(body);
    else response.write(body, () => response.destroy());
  };
}

async function open() {
  const opened = await sources.open('film.mov', signal);
  if (!opened) throw new Error('There is no object.');
  return sourceOf({
    bucket: 'films',
    key: 'film.mov',
    opened,
    sources,
    clock: new FakeClock(),
    signal,
  });
}

const bodyOf = async () => buffer(await (await open()).stream());

describe.each(AWS_CLIENTS)('by the client %s', (client) => {
  beforeEach(async () => {
    const { s3 } = await awsCalls(aws.settings, client);
    sources = new S3SourceObjects(s3, { bucket: 'films' });
    outputs = new S3OutputObjects(s3, { bucket: 'films' });
  });

  describe('a source', () => {
    test('is read piece by piece', async () => {
      holds(BODY);
      expect((await bodyOf()).toString()).toBe(BODY);
    });

    test('goes into a file', async () => {
      holds(BODY);
      const file = join(folder, 'input.mov');
      await (await open()).toFile(file);
      expect(await readFile(file, 'utf8')).toBe(BODY);
    });

    test.each([
      ['the connection breaks', BODY.slice(1), BODY.length],
      ['its last byte is another one', `${BODY.slice(1)}x`, BODY.length],
    ])('fails at its end when %s, as a transient fault', async (_, body, announced) => {
      holds(body, announced);
      await expect(bodyOf()).rejects.toMatchObject({ code: 'SourceUnavailable' });
    });

    test('fails with the reason of the signal when that is aborted', async () => {
      const job = new AbortController();
      aws.answer = (response) => {
        response.writeHead(200, { etag: '"v1"', 'content-length': 9 });
        response.write('a');
      };
      const opened = await sources.open('film.mov', job.signal);
      const pieces = await opened?.stream();
      job.abort(new Error('drained'));
      opened?.discard();
      await expect(pieces && buffer(pieces)).rejects.toThrow('drained');
    });
  });

  describe('an output that is a file', () => {
    const write = async (bytes: number) => {
      const file = join(folder, 'output.webm');
      await writeFile(file, Buffer.alloc(bytes, 'a'));
      const object = { key: 'out/film.webm', contentType: 'video/webm', sourceETag: '"v1"' };
      await outputs.write({ ...object, body: { file }, metadata: { 'recipe-hash': '1' } }, signal);
    };
    const described = {
      'content-type': 'video/webm',
      'x-amz-meta-source-etag': '"v1"',
      'x-amz-meta-recipe-hash': '1',
    };

    test('is written by one request when it is small', async () => {
      await write(1_000);
      expect(aws.received).toEqual([
        expect.objectContaining({
          method: 'PUT',
          body: 'a'.repeat(1_000),
          headers: expect.objectContaining(described),
        }),
      ]);
    });

    test('is written in parts when it is large', async () => {
      aws.answer = takesParts;
      await write(17 * MIB);
      const parts = aws.received.filter(({ url }) => url.includes('partNumber='));
      expect(parts.map(({ body }) => body.length).sort((a, b) => b - a)).toEqual([
        8 * MIB,
        8 * MIB,
        MIB,
      ]);
      const [created] = aws.received.filter(({ method }) => method === 'POST');
      expect(created?.headers).toMatchObject(described);
      expect(aws.received.at(-1)?.body.match(/<PartNumber>/g)).toHaveLength(3);
    });

    test('leaves no part behind when it fails, as a transient fault', async () => {
      aws.answer = (response, request) =>
        request.url.includes('partNumber=2') ? refuse(response) : takesParts(response, request);
      await expect(write(17 * MIB)).rejects.toMatchObject({ code: 'DestinationUnavailable' });
      expect(aws.received.map(({ method }) => method)).toContain('DELETE');
    });

    test('fails when the file is not there, as a transient fault', async () => {
      const object = { key: 'a', contentType: 'a/b', sourceETag: '"v1"', metadata: {} };
      const body = { file: join(folder, 'missing') };
      await expect(outputs.write({ ...object, body }, signal)).rejects.toThrow('ENOENT');
      expect(aws.received).toEqual([]);
    });
  });
});

/** Answers as S3 does to a multipart upload. */
function takesParts(response: ServerResponse, { method, url }: Received): void {
  const xml = url.includes('uploadId=')
    ? '<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>'
    : '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';
  response.writeHead(200, { etag: '"part"', 'content-type': 'application/xml' });
  response.end(method === 'POST' ? xml : undefined);
}

function refuse(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'application/xml' });
  response.end('<Error><Code>InvalidPart</Code><Message>As asked.</Message></Error>');
}
