import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Buckets, ListedObject } from '../../../cli/ports/buckets';
import { printOf } from '../../../cli/upload/file-print';

export interface FakeBuckets extends Buckets {
  /** Bucket, a slash and the key, to what is there. */
  readonly objects: Map<string, Buffer>;
  readonly modified: Map<string, number>;
  /** Keys that were listed, looked at and written, in order. */
  readonly calls: string[];
  /** Metadata by bucket, a slash and the key. */
  readonly metadata: Map<string, Readonly<Record<string, string>>>;
  /** What a key answers instead of being written. */
  readonly refusals: Map<string, Error>;
}

const inByteOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Buckets in memory, which list in the order of the keys' bytes, as S3 does. */
export function fakeBuckets(now: () => number): FakeBuckets {
  const objects = new Map<string, Buffer>();
  const modified = new Map<string, number>();
  const metadata = new Map<string, Readonly<Record<string, string>>>();
  const calls: string[] = [];
  const refusals = new Map<string, Error>();
  return {
    objects,
    modified,
    metadata,
    calls,
    refusals,
    async *list({ bucket }, prefix, startAfter = ''): AsyncGenerator<ListedObject> {
      calls.push(`list ${bucket} ${prefix} ${startAfter}`);
      const keys = [...objects.keys()]
        .filter((name) => name.startsWith(`${bucket}/${prefix}`))
        .map((name) => name.slice(bucket.length + 1))
        .filter((key) => startAfter === '' || inByteOrder(key, startAfter) > 0);
      for (const key of keys.sort(inByteOrder)) {
        const bytes = objects.get(`${bucket}/${key}`)?.length ?? 0;
        yield { key, bytes, modifiedAt: modified.get(`${bucket}/${key}`) ?? 0, etag: 'e' };
      }
    },
    async look({ bucket }, key) {
      calls.push(`look ${key}`);
      const body = objects.get(`${bucket}/${key}`);
      const said = metadata.get(`${bucket}/${key}`);
      return (
        body && {
          bytes: body.length,
          modifiedAt: modified.get(`${bucket}/${key}`) ?? 0,
          ...(said && { metadata: said }),
          ...(await printOf(Readable.from([body]), body.length)),
        }
      );
    },
    async put({ bucket }, key, { body }) {
      calls.push(`put ${key}`);
      const refusal = refusals.get(key);
      if (refusal) throw refusal;
      objects.set(`${bucket}/${key}`, Buffer.isBuffer(body) ? body : await buffer(body));
      modified.set(`${bucket}/${key}`, now());
    },
  };
}
