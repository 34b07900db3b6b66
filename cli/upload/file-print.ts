import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { LARGE_FILE_BYTES, withSource } from '../../folder/read-source';
import type { FoundFile } from '../../folder/walk';
import type { ObjectPrint } from '../ports/buckets';

/**
 * What S3 says of a file that went up as we upload it, or as the aws command does: whole up to 8
 * MiB, else in parts of 8 MiB.
 */
export interface FilePrint {
  readonly etag: string;
  readonly sha256: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
export async function printOf(chunks: AsyncIterable<Buffer>, bytes: number): Promise<FilePrint> {
  const md5s: Buffer[] = [];
  const sha256s: Buffer[] = [];
  for await (const part of partsOf(chunks)) {
    md5s.push(createHash('md5').update(part).digest());
    sha256s.push(createHash('sha256').update(part).digest());
  }
  if (bytes <= LARGE_FILE_BYTES)
    return {
      etag: (md5s[0] ?? createHash('md5').digest()).toString('hex'),
      sha256: (sha256s[0] ?? createHash('sha256').digest()).toString('base64'),
    };
  const etag = createHash('md5').update(Buffer.concat(md5s)).digest('hex');
  const sha256 = createHash('sha256').update(Buffer.concat(sha256s)).digest('base64');
  return { etag: `${etag}-${md5s.length}`, sha256: `${sha256}-${sha256s.length}` };
}

async function* partsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= LARGE_FILE_BYTES) {
      yield rest.subarray(0, LARGE_FILE_BYTES);
      rest = rest.subarray(LARGE_FILE_BYTES);
    }
  }
  if (rest.length > 0) yield rest;
}

/** Whether an object holds what a file holds. The file is read only when the sizes are the same. */
export async function isSame(
  file: FoundFile,
  there: Pick<ObjectPrint, 'bytes' | 'etag' | 'sha256'>,
): Promise<boolean> {
  if (there.bytes !== file.bytes) return false;
  const print = await withSource(file, ({ body, bytes }) =>
    printOf(Buffer.isBuffer(body) ? Readable.from([body]) : body, bytes),
  );
  return there.etag === print.etag || there.sha256 === print.sha256;
}
