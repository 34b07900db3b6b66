import type { IncomingMessage, ServerResponse } from 'node:http';
import { FakeBucket } from '../../test/fakes/bucket';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string;
}

const NOTHING = Buffer.alloc(0);
/** Of the parts of a dataset. */
const PART_TAR = /\/parts\/.*\.tar$/;
const PART_INDEX = /\/parts\/.*\.jsonl$/;
const NO_ETAG = `"${'0'.repeat(32)}"`;

/** S3's protocol in front of two buckets, whose keys are paths such as `/bucket/key`. */
export class FakeS3 {
  readonly objects = new FakeBucket();
  /**
   * Keeps no byte of what arrives but the indexes of parts, and computes no ETag: neither may take
   * the time of a run.
   */
  readonly written = new FakeBucket();

  /** Objects, or samples where what was written are parts: an index says how many it has. */
  get outputs(): number {
    return this.written.keys().reduce((sum, key) => sum + this.outputsIn(key), 0);
  }

  private outputsIn(key: string): number {
    if (PART_TAR.test(key)) return 0;
    if (!PART_INDEX.test(key)) return 1;
    const [header = ''] = (this.written.text(key) ?? '').split('\n', 1);
    return (JSON.parse(header) as { samples: number }).samples;
  }

  answer(request: IncomingMessage, body: readonly Buffer[]): Answer {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    switch (request.method) {
      case 'PUT':
        return this.put(path, request, body);
      case 'POST':
        return upload(request.url ?? '');
      case 'GET':
      case 'HEAD':
        return this.get(path, request);
      default:
        return failure(405, 'MethodNotAllowed');
    }
  }

  private get(path: string, { method, headers }: IncomingMessage): Answer {
    if (/^\/[^/]+\/?$/.test(path)) return { status: 200 };
    const object = this.objects.get(path);
    if (!object) return failure(404, 'NoSuchKey');
    const checksum = {
      'x-amz-checksum-crc64nvme': object.crc64nvme ?? '',
      'x-amz-checksum-type': 'FULL_OBJECT',
    };
    return {
      status: 200,
      headers: {
        'content-length': object.bytes,
        'content-type': object.contentType,
        etag: object.eTag,
        'accept-ranges': 'bytes',
        'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
        'x-amz-server-side-encryption': 'AES256',
        // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: only for who asks.
        ...(headers['x-amz-checksum-mode'] === 'ENABLED' ? checksum : {}),
      },
      ...(method === 'GET' ? { body: object.body } : {}),
    };
  }

  private put(path: string, { headers }: IncomingMessage, body: readonly Buffer[]): Answer {
    const isChunked = (headers['content-encoding'] ?? '').includes('aws-chunked');
    const content = isChunked ? withoutChunks(Buffer.concat(body)) : body;
    const announced = Number(
      headers[isChunked ? 'x-amz-decoded-content-length' : 'content-length'],
    );
    const bytes = content.reduce((sum, { length }) => sum + length, 0);
    if (bytes !== announced) return failure(400, 'IncompleteBody');
    const kept = PART_INDEX.test(path) ? Buffer.concat(content) : NOTHING;
    this.written.put(path, kept, { bytes, eTag: NO_ETAG });
    return { status: 200, headers: { etag: NO_ETAG, 'content-length': 0 } };
  }
}

/**
 * Begins or completes a multipart upload, whose pieces are written under the key of the whole:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
function upload(url: string): Answer {
  const body = url.includes('uploadId=')
    ? `<CompleteMultipartUploadResult><ETag>${NO_ETAG}</ETag></CompleteMultipartUploadResult>`
    : '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>';
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function failure(status: number, code: string): Answer {
  const body =
    '<?xml version="1.0" ' +
    `encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html: size in
 * hexadecimal, line, bytes, line.
 */
function withoutChunks(body: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (end < 0 || !(size > 0)) break;
    pieces.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return pieces;
}

/** Writes an answer; the body of a HEAD stays away, whatever the headers announce. */
export function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  response.writeHead(status, headers);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
