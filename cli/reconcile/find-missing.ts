import { PermanentFault } from '../../application-code/worker/src/faults';
import { type NamedRendition, renditionKey } from '../../application-code/worker/src/job/keys';
import type { DeployedWorker } from '../deployed-worker';
import type { Buckets, ListedObject } from '../ports';
import { compareKeys } from './key-order';

/** A source object that lacks renditions. */
export interface MissingObject {
  readonly source: ListedObject;
  /** Names of the renditions that are not there, or older than their source. */
  readonly renditions: readonly string[];
  /** Why it can have none at all. */
  readonly fault?: string;
}

/** One source object that has been looked at. */
export interface Looked {
  readonly key: string;
  /** Absent: it has all its renditions, or is none of the pipeline's. */
  readonly missing?: MissingObject;
}

export interface FindSettings {
  readonly buckets: Buckets;
  readonly worker: DeployedWorker;
  /** Source objects whose key is not greater are passed over. */
  readonly startAfter?: string;
  /** Endings without which a key is none of the pipeline's; none: every key is. */
  readonly suffixes: readonly string[];
  /** Source objects that were written later are passed over; milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Looks at every source object in key order. The listings of the source and of each rendition are read side by side, so that a million objects need no
 * more memory than a thousand. A rendition that its listing does not show where it should be is looked for by its key before it is
 * called missing: an appended extension changes the order (`a!` lists before `a.jpg`), and a page may be older than the worker's last write.
 */
export async function* findMissing(settings: FindSettings): AsyncGenerator<Looked> {
  const { buckets, worker, startAfter } = settings;
  const cursors = worker.recipe.map((rendition) => new RenditionCursor(settings, rendition));
  try {
    for await (const source of buckets.list(worker.source, worker.sourcePrefix, startAfter)) {
      if (!isOfPipeline(source, settings)) {
        yield { key: source.key };
        continue;
      }
      const missing = await missingOf(source, settings, cursors);
      yield { key: source.key, ...(missing && { missing }) };
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

function isOfPipeline({ key, bytes, modifiedAt }: ListedObject, settings: FindSettings): boolean {
  const { worker, suffixes, until } = settings;
  const isMarker = key.endsWith('/') && bytes === 0;
  const isRendition =
    worker.source.bucket === worker.destination.bucket &&
    worker.destinationPrefix !== '' &&
    key.startsWith(worker.destinationPrefix);
  const isAnnounced = suffixes.length === 0 || suffixes.some((suffix) => key.endsWith(suffix));
  return !isMarker && !isRendition && isAnnounced && modifiedAt <= until;
}

async function missingOf(
  source: ListedObject,
  { worker, buckets }: FindSettings,
  cursors: readonly RenditionCursor[],
): Promise<MissingObject | undefined> {
  try {
    const lacking: string[] = [];
    for (const cursor of cursors) if (!(await cursor.has(source))) lacking.push(cursor.rendition.name);
    if (lacking.length === 0) return undefined;
    // Somebody may have deleted it since the page was fetched.
    const isThere = (await buckets.look(worker.source, source.key)) !== undefined;
    return isThere ? { source, renditions: lacking } : undefined;
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error;
    return { source, renditions: worker.recipe.map(({ name }) => name), fault: error.message };
  }
}

/** The listing of one rendition, read as far as the source's is. */
class RenditionCursor {
  private readonly listing: AsyncIterator<ListedObject>;
  private current: ListedObject | undefined;
  private isBegun = false;

  constructor(
    private readonly settings: FindSettings,
    readonly rendition: NamedRendition,
  ) {
    const { buckets, worker, startAfter } = settings;
    const prefix = `${worker.destinationPrefix}${rendition.name}/`;
    const after = startAfter === undefined ? '' : startAfter.slice(worker.sourcePrefix.length);
    this.listing = buckets
      .list(worker.destination, prefix, after === '' ? undefined : `${prefix}${after}`)
      [Symbol.asyncIterator]();
  }

  /** Whether the rendition of a source object is there, and not older than it. */
  async has(source: ListedObject): Promise<boolean> {
    const { buckets, worker } = this.settings;
    const key = renditionKey(source.key, this.rendition, worker);
    if (!this.isBegun) await this.next();
    while (this.current !== undefined && compareKeys(this.current.key, key) < 0) await this.next();
    if (this.current?.key === key && this.current.modifiedAt >= source.modifiedAt) return true;
    const there = await buckets.look(worker.destination, key);
    return there !== undefined && there.modifiedAt >= source.modifiedAt;
  }

  async close(): Promise<void> {
    await this.listing.return?.();
  }

  private async next(): Promise<void> {
    this.isBegun = true;
    const { done, value } = await this.listing.next();
    this.current = done ? undefined : value;
  }
}
