import type { Clock } from '../clock';
import type { OpenedSource, SourceObjects } from './ports';

/** The source object was deleted; there is nothing to do any more. */
export class SourceGone extends Error {}

/**
 * Another version than the one that was opened is current now, so that what is known of it is out
 * of date.
 */
export class SourceChanged extends Error {}

/**
 * A response that waited longer is opened anew, since S3 hangs up on a reader that does not read.
 */
export const MAX_UNREAD_MILLISECONDS = 5_000;

/**
 * A `download` for the renderer. The first call reads the response that is open already, unless it
 * has waited too long; any other call opens the source again.
 * @throws SourceChanged when the version is another one by then; SourceGone when there is none.
 */
export function openAgain(
  key: string,
  opened: OpenedSource,
  sources: SourceObjects,
  clock: Clock,
  signal: AbortSignal,
): () => Promise<Buffer> {
  const openedAt = clock.now();
  let isUsed = false;
  return async () => {
    const isFresh = !isUsed && clock.now() - openedAt <= MAX_UNREAD_MILLISECONDS;
    isUsed = true;
    if (isFresh) return opened.read();
    opened.discard();
    const again = await sources.open(key, signal);
    if (again === undefined) throw new SourceGone();
    if (again.eTag === opened.eTag) return again.read();
    again.discard();
    throw new SourceChanged();
  };
}
