import { objectCreatedEvent } from '../contract/object-created-event';
import type { FakeBucket } from '../test/fakes/bucket';

export const SOURCE_BUCKET = 'bench-source';
export const DESTINATION_BUCKET = 'bench-destination';
export const SOURCE_PREFIX = 'ecsproc/';
export const DESTINATION_PREFIX = 'processed/';
export const QUEUE_PATH = '/123456789012/bench';
export const VISIBILITY_TIMEOUT_SECONDS = 120;

/** Of the source objects, in their order. */
export function sourceKey(index: number, suffix: string): string {
  return `${SOURCE_PREFIX}${String(index).padStart(6, '0')}${suffix}`;
}

/** S3's event of each object. `paths` are those of the objects, such as `/bucket/key`. */
export function notificationsOf(paths: readonly string[], objects: FakeBucket): string[] {
  const origin = { bucket: SOURCE_BUCKET, region: 'us-east-1', configurationId: 'work', now: 0 };
  return paths.map((path) => {
    const { bytes = 0, eTag = '' } = objects.get(path) ?? {};
    const key = path.slice(SOURCE_BUCKET.length + 2);
    return objectCreatedEvent([{ key, bytes, etag: eTag.replaceAll('"', '') }], origin);
  });
}
