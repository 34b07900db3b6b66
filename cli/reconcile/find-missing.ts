import { PermanentFault } from '../../application-code/worker/src/faults';
import { type NamedRendition, renditionKey } from '../../application-code/worker/src/job/keys';
import { skippable } from '../../application-code/worker/src/job/skipped-renditions';
import type { DeployedWorker } from '../deployed-worker';
import type { Buckets, ListedObject } from '../ports';
import { skippedOf } from '../skipped-of';
import { inOrder } from './in-order';
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
  /** Names of renditions that cannot be made of it, and that the recipe does without. */
  readonly skipped: readonly string[];
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

/** Objects for whose renditions S3 is asked by key, together. */
const LOOKS_AT_A_TIME = 16;

/** A source object, and the renditions that their listings do not show where they should be. */
interface Listed {
  readonly source: ListedObject;
  readonly unseen: readonly { readonly name: string; readonly key: string }[];
  readonly fault?: string;
}

/**
 * Looks at every source object in key order. The listings of the source and of each rendition are read side by side, so that a million objects need no
 * more memory than a thousand. A rendition that its listing does not show where it should be is looked for by its key before it is
 * called missing: an appended extension changes the order (`a!` lists before `a.jpg`), and a page may be older than the worker's last write.
 * The source itself is not: the worker does nothing about an object that was deleted since its page was fetched.
 */
export async function* findMissing(settings: FindSettings): AsyncGenerator<Looked> {
  yield* inOrder(readListings(settings), LOOKS_AT_A_TIME, async (listed) => {
    const { missing, skipped } = await missingOf(listed, settings);
    return { key: listed.source.key, skipped, ...(missing && { missing }) };
  });
}

async function* readListings(settings: FindSettings): AsyncGenerator<Listed> {
  const { buckets, worker, startAfter } = settings;
  const cursors = worker.recipe.map((rendition) => new RenditionCursor(settings, rendition));
  try {
    for await (const source of buckets.list(worker.source, worker.sourcePrefix, startAfter))
      yield isOfPipeline(source, settings)
        ? await listedOf(source, settings, cursors)
        : { source, unseen: [] };
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

async function listedOf(
  source: ListedObject,
  { worker }: FindSettings,
  cursors: readonly RenditionCursor[],
): Promise<Listed> {
  const unseen: { readonly name: string; readonly key: string }[] = [];
  try {
    for (const cursor of cursors) {
      const key = renditionKey(source.key, cursor.rendition, worker);
      if (!(await cursor.shows(key, source.modifiedAt))) unseen.push({ name: cursor.rendition.name, key });
    }
    return { source, unseen };
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error;
    return { source, unseen: [], fault: error.message };
  }
}

async function missingOf(
  { source, unseen, fault }: Listed,
  { worker, buckets }: FindSettings,
): Promise<Pick<Looked, 'missing' | 'skipped'>> {
  const all = worker.recipe.map(({ name }) => name);
  if (fault !== undefined) return { missing: { source, renditions: all, fault }, skipped: [] };
  const absent: string[] = [];
  for (const { name, key } of unseen) {
    const there = await buckets.look(worker.destination, key);
    if (there === undefined || there.modifiedAt < source.modifiedAt) absent.push(name);
  }
  const siblings = worker.recipe.filter(({ name }) => !absent.includes(name));
  const isSkippable = skippable(worker.recipe).some(({ name }) => absent.includes(name));
  const said = isSkippable ? await skippedOf({ buckets, worker, source, siblings }) : [];
  const renditions = absent.filter((name) => !said.includes(name));
  const skipped = absent.filter((name) => said.includes(name));
  return { skipped, ...(renditions.length > 0 && { missing: { source, renditions } }) };
}

/** The listing of one rendition, read as far as the source's is. */
class RenditionCursor {
  private readonly listing: AsyncIterator<ListedObject>;
  private current: ListedObject | undefined;
  private isBegun = false;

  constructor(
    { buckets, worker, startAfter }: FindSettings,
    readonly rendition: NamedRendition,
  ) {
    const prefix = `${worker.destinationPrefix}${rendition.name}/`;
    const after = startAfter === undefined ? '' : startAfter.slice(worker.sourcePrefix.length);
    this.listing = buckets
      .list(worker.destination, prefix, after === '' ? undefined : `${prefix}${after}`)
      [Symbol.asyncIterator]();
  }

  /** Whether a rendition is listed, and not older than `since`. Keys are asked for in the order of the sources. */
  async shows(key: string, since: number): Promise<boolean> {
    if (!this.isBegun) await this.next();
    while (this.current !== undefined && compareKeys(this.current.key, key) < 0) await this.next();
    return this.current?.key === key && this.current.modifiedAt >= since;
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
