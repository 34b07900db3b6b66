import { pMapIterable } from 'p-map';
import { PermanentFault } from '../../application-code/worker/src/faults';
import { outputKey } from '../../application-code/worker/src/job/keys';
import type { OutputPlan } from '../../application-code/worker/src/workload/recipe';
import type { Buckets, ListedObject, ObjectPrint } from '../ports/buckets';
import type { DeployedWorker } from '../target/deployed-worker';
import { skippedOf } from '../target/made-renditions';
import { ageOf, type RecipeTerms } from '../target/recipe-in-force';

/** A source object whose renditions are to be made. */
export interface MissingObject {
  readonly source: ListedObject;
  /** Names of the renditions that are not there, or older than their source. */
  readonly renditions: readonly string[];
  /** Names of the others that are older than the recipe, where that is asked for. */
  readonly outdated: readonly string[];
  /** Why it cannot have any. */
  readonly fault?: string;
}

/** One source object that has been looked at. */
export interface SourceState {
  readonly key: string;
  /** Absent: it has all its renditions, or is not of the pipeline. */
  readonly missing?: MissingObject;
  /** Names of renditions that cannot be made of it, and that the recipe does without. */
  readonly skipped: readonly string[];
  /** Whether a rendition is older than the recipe; some are seen only where that is asked for. */
  readonly isOutdated: boolean;
}

export interface FindSettings {
  readonly buckets: Buckets;
  readonly worker: DeployedWorker;
  /** Source objects up to this key are skipped. */
  readonly startAfter?: string;
  /** Endings of the pipeline's keys; empty: every key is of the pipeline. */
  readonly suffixes: readonly string[];
  /** Source objects that were written later are skipped; milliseconds since the epoch. */
  readonly until: number;
  /** Since when the recipe holds; absent where that is unknown. */
  readonly terms?: RecipeTerms;
  /**
   * Whether what is older than the recipe is to be made, too; what a listing does not show is then
   * asked.
   */
  readonly recipeChanged?: boolean;
}

/** Objects for whose renditions S3 is asked by key, together. */
const LOOKS_AT_A_TIME = 16;

interface RenditionPlace {
  readonly name: string;
  readonly key: string;
}

/** A source object, and what the listings show of its renditions. */
interface SourceListing {
  readonly source: ListedObject;
  /** Not listed where they should be, or of an age that only their metadata shows. */
  readonly unsure: readonly RenditionPlace[];
  /** Names of those that are older than the recipe. */
  readonly outdated: readonly string[];
  readonly fault?: string;
}

/**
 * Looks at every source object in key order. The listings of the source and of each rendition are
 * read side by side, so that a million objects need no more memory than a thousand. A rendition
 * that its listing does not show where it should be is looked for by its key before it is called
 * missing: an appended extension changes the order (`a!` lists before `a.jpg`), and a page may be
 * older than the worker's last write. The source itself is not: the worker does nothing about an
 * object that was deleted since its page was fetched.
 */
export async function* findMissing(settings: FindSettings): AsyncGenerator<SourceState> {
  const look = async (listed: SourceListing): Promise<SourceState> => ({
    key: listed.source.key,
    ...(await stateOfSource(listed, settings)),
  });
  yield* pMapIterable(readListings(settings), look, { concurrency: LOOKS_AT_A_TIME });
}

async function* readListings(settings: FindSettings): AsyncGenerator<SourceListing> {
  const { buckets, worker, startAfter } = settings;
  const cursors = worker.outputs.map((rendition) => new RenditionCursor(settings, rendition));
  try {
    for await (const source of buckets.list(worker.source, worker.sourcePrefix, startAfter))
      yield isOfPipeline(source, settings)
        ? await listedOf(source, settings, cursors)
        : { source, unsure: [], outdated: [] };
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
  settings: FindSettings,
  cursors: readonly RenditionCursor[],
): Promise<SourceListing> {
  const unsure: RenditionPlace[] = [];
  const outdated: string[] = [];
  try {
    for (const { rendition, find } of cursors) {
      const { name } = rendition;
      const key = outputKey(source.key, rendition, settings.worker);
      const state = stateOf(name, await find(key), source, settings);
      if (state === 'absent' || (state === 'ask' && settings.recipeChanged))
        unsure.push({ name, key });
      if (state === 'older') outdated.push(name);
    }
    return { source, unsure, outdated };
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error;
    return { source, unsure: [], outdated: [], fault: error.message };
  }
}

/** What a listing, or a look at the object itself, shows of one rendition. */
function stateOf(
  name: string,
  there: Pick<ObjectPrint, 'modifiedAt' | 'metadata'> | undefined,
  source: ListedObject,
  { terms }: FindSettings,
): 'absent' | ReturnType<typeof ageOf> {
  if (there === undefined || there.modifiedAt < source.modifiedAt) return 'absent';
  const term = terms?.get(name);
  return term ? ageOf(there, term) : 'in-force';
}

async function stateOfSource(
  listed: SourceListing,
  settings: FindSettings,
): Promise<Omit<SourceState, 'key'>> {
  const { source, fault } = listed;
  const { outputs } = settings.worker;
  if (fault !== undefined) {
    const renditions = outputs.map(({ name }) => name);
    return { missing: { source, renditions, outdated: [], fault }, skipped: [], isOutdated: false };
  }
  const { absent, outdated } = await ask(listed, settings);
  const said = await skippedAmong(absent, source, settings);
  const renditions = absent.filter((name) => !said.includes(name));
  const isJob = renditions.length > 0 || (settings.recipeChanged === true && outdated.length > 0);
  return {
    skipped: absent.filter((name) => said.includes(name)),
    isOutdated: outdated.length > 0,
    ...(isJob && {
      missing: { source, renditions, outdated: settings.recipeChanged ? outdated : [] },
    }),
  };
}

/** Names of the renditions that are not there, and of those that are older than the recipe. */
async function ask(listed: SourceListing, settings: FindSettings) {
  const absent: string[] = [];
  const outdated = [...listed.outdated];
  for (const { name, key } of listed.unsure) {
    const there = await settings.buckets.look(settings.worker.destination, key);
    const state = stateOf(name, there && { metadata: {}, ...there }, listed.source, settings);
    if (state === 'absent') absent.push(name);
    if (state === 'older') outdated.push(name);
  }
  return { absent, outdated };
}

/** Names of the renditions that the recipe does without. */
async function skippedAmong(
  absent: readonly string[],
  source: ListedObject,
  { worker, buckets }: FindSettings,
): Promise<readonly string[]> {
  if (!worker.outputs.some(({ name, isOptional }) => isOptional && absent.includes(name)))
    return [];
  const siblings = worker.outputs.filter(({ name }) => !absent.includes(name));
  return skippedOf({ buckets, worker, source, siblings });
}

/** The listing of one rendition, read as far as the source's is. */
class RenditionCursor {
  private readonly listing: AsyncIterator<ListedObject>;
  private current: ListedObject | undefined;
  private isBegun = false;

  constructor(
    { buckets, worker, startAfter }: FindSettings,
    readonly rendition: OutputPlan,
  ) {
    const prefix = `${worker.destinationPrefix}${rendition.folder}`;
    const after = startAfter === undefined ? '' : startAfter.slice(worker.sourcePrefix.length);
    this.listing = buckets
      .list(worker.destination, prefix, after === '' ? undefined : `${prefix}${after}`)
      [Symbol.asyncIterator]();
  }

  /** A rendition as it is listed. Keys are asked for in the order of the sources. */
  readonly find = async (key: string): Promise<ListedObject | undefined> => {
    if (!this.isBegun) await this.next();
    while (this.current !== undefined && compareKeys(this.current.key, key) < 0) await this.next();
    return this.current?.key === key ? this.current : undefined;
  };

  async close(): Promise<void> {
    await this.listing.return?.();
  }

  private async next(): Promise<void> {
    this.isBegun = true;
    const { done, value } = await this.listing.next();
    this.current = done ? undefined : value;
  }
}

/**
 * The order in which S3 lists: by the bytes of UTF-8, which is not that of JavaScript's strings.
 */
export function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
