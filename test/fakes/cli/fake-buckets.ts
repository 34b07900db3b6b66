import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Buckets, ListedObject } from '../../../cli/ports/buckets';
import { printOf } from '../../../cli/upload/file-print';
import { FakeBucket } from '../bucket';

export interface FakeBuckets extends Buckets {
  /** By bucket, a slash and the key. */
  readonly objects: FakeBucket;
  /** Keys that were listed, looked at and written, in order. */
  readonly calls: string[];
  /** What a key answers instead of being written. */
  readonly refusals: Map<string, Error>;
}

export function fakeBuckets(now: () => number): FakeBuckets {
  const objects = new FakeBucket(now);
  const calls: string[] = [];
  const refusals = new Map<string, Error>();
  return {
    objects,
    calls,
    refusals,
    async *list({ bucket }, prefix, startAfter = ''): AsyncGenerator<ListedObject> {
      calls.push(`list ${bucket} ${prefix} ${startAfter}`);
      for (const path of objects.keys(`${bucket}/${prefix}`, `${bucket}/${startAfter}`)) {
        const { bytes = 0, modifiedAt = 0, eTag = '' } = objects.get(path) ?? {};
        const key = path.slice(bucket.length + 1);
        yield { key, bytes, modifiedAt, etag: eTag.replaceAll('"', '') };
      }
    },
    async look({ bucket }, key) {
      calls.push(`look ${key}`);
      const object = objects.get(`${bucket}/${key}`);
      if (!object) return undefined;
      const { bytes, modifiedAt, metadata, body } = object;
      return { bytes, modifiedAt, metadata, ...(await printOf(Readable.from([body]), bytes)) };
    },
    async read({ bucket }, key) {
      calls.push(`read ${key}`);
      return objects.text(`${bucket}/${key}`);
    },
    async put({ bucket }, key, { body }) {
      calls.push(`put ${key}`);
      const refusal = refusals.get(key);
      if (refusal) throw refusal;
      objects.put(`${bucket}/${key}`, Buffer.isBuffer(body) ? body : await buffer(body));
    },
  };
}
