import { constants } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../clock';
import { PermanentFault } from '../faults';
import type { Source } from '../workload/workload';
import type { OpenedSource, SourceObjects, SourceVersion } from './ports';

/** The source object was deleted; there is nothing left to do. */
export class SourceGone extends Error {}

/**
 * Another version than the one that was opened is current now, so that what is known of it is out
 * of date.
 */
export class SourceChanged extends Error {}

/**
 * A response that waited longer is opened again, since S3 hangs up on a reader that does not read.
 */
export const MAX_UNREAD_MILLISECONDS = 5_000;

/** Up to here a stream takes more CPU time than the content of a file; it is then in memory. */
export const SMALL_FILE_BYTES = 1024 * 1024;

/** A source object that is open already, and what is needed to open it again. */
export interface OpenSource {
  readonly bucket: string;
  readonly key: string;
  readonly opened: OpenedSource;
  readonly sources: SourceObjects;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * A source for the workload. Its first read takes the response that is open already, unless that
 * has waited too long; any other opens the source again. A read throws SourceChanged when the
 * version is another one by then, SourceGone when the object is gone.
 */
export function sourceOf({ bucket, key, opened, ...ports }: OpenSource): Source {
  const { sources, clock, signal } = ports;
  const openedAt = clock.now();
  let isUsed = false;
  const open = async (): Promise<OpenedSource> => {
    const isFresh = !isUsed && clock.now() - openedAt <= MAX_UNREAD_MILLISECONDS;
    isUsed = true;
    if (isFresh) return opened;
    opened.discard();
    const again = await sources.open(key, signal);
    if (again === undefined) throw new SourceGone();
    if (again.eTag === opened.eTag) return again;
    again.discard();
    throw new SourceChanged();
  };
  const { bytes, eTag: etag, contentType } = opened;
  return {
    ...{ bucket, key, bytes, etag },
    ...(contentType !== undefined && { contentType }),
    read: async (allocate) => {
      refuseLargerThanBuffer(bytes);
      return (await open()).read(allocate);
    },
    stream: async () => (await open()).stream(),
    toFile: async (path) => {
      const whole = await open();
      if (bytes <= SMALL_FILE_BYTES)
        return writeFile(path, await whole.read(), { flag: 'wx', signal });
      await pipeline(await whole.stream(), createWriteStream(path, { flags: 'wx' }), { signal });
    },
  };
}

/** @throws SourceChanged when another version is current now, SourceGone when none is. */
export async function lookAgain(
  key: string,
  { eTag }: SourceVersion,
  { ports, signal }: { readonly ports: { readonly sources: SourceObjects }; signal: AbortSignal },
): Promise<void> {
  const now = await ports.sources.look(key, signal);
  if (now === undefined) throw new SourceGone();
  if (now.eTag !== eTag) throw new SourceChanged();
}

function refuseLargerThanBuffer(bytes: number): void {
  const { MAX_LENGTH } = constants;
  if (bytes <= MAX_LENGTH) return;
  throw new PermanentFault(
    'TooManyBytes',
    `The source object has ${bytes} bytes, but this workload reads it into memory, where it may ` +
      `have ${MAX_LENGTH} at most; send a smaller file, or have the workload read a stream.`,
  );
}
