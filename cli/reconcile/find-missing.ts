import { pMapIterable } from 'p-map';
import { PermanentFault } from '../../application-code/worker/src/faults';
import { outputKey } from '../../application-code/worker/src/job/keys';
import { isAnnounced } from '../../contract/notification';
import type { Buckets, ListedObject, ObjectPrint } from '../ports/buckets';
import type { DeployedWorker } from '../target/deployed-worker';
import { skippedOf } from '../target/made-outputs';
import { ageOf, type RecipeTerms } from '../target/recipe-in-force';
import { checkManifest, type ManifestObject } from './manifest-check';
import { OutputCursor } from './output-cursor';

/** A source object whose outputs are to be made. */
export interface MissingObject {
  readonly source: ListedObject;
  /** Names of the outputs that are not there, or older than their source. */
  readonly outputs: readonly string[];
  /** Names of the others that are older than the recipe, where that is asked for. */
  readonly outdated: readonly string[];
  /** Why it cannot have any. */
  readonly fault?: string;
}

/** One source object that has been looked at. */
export interface SourceState {
  readonly key: string;
  /** Absent: it has all its outputs, or is not of the pipeline. */
  readonly missing?: MissingObject;
  /** Names of outputs that cannot be made of it, and that the recipe does without. */
  readonly skipped: readonly string[];
  /** Whether an output is older than the recipe; some are seen only where that is asked for. */
  readonly isOutdated: boolean;
  /** Keys of outputs that its manifest no longer lists. */
  readonly orphans: readonly string[];
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

/** Objects for whose outputs S3 is asked by key, together. */
const LOOKS_AT_A_TIME = 16;

interface OutputPlace {
  readonly name: string;
  readonly key: string;
}

/** A manifest that is there. */
type ManifestPlace = OutputPlace & ManifestObject;

/** A source object, and what the listings show of its outputs. */
interface SourceListing {
  readonly source: ListedObject;
  /** Not listed where they should be, or of an age that only their metadata shows. */
  readonly unsure: readonly OutputPlace[];
  /** Names of those that are older than the recipe. */
  readonly outdated: readonly string[];
  readonly manifest?: ManifestPlace;
  readonly fault?: string;
}

/**
 * Looks at every source object in key order. The listings of the source and of each output are
 * read side by side, so that a million objects need no more memory than a thousand. An output
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
  const cursors = worker.outputs.map((output) => new OutputCursor(settings, output));
  try {
    for await (const source of buckets.list(worker.source, worker.sourcePrefix, startAfter))
      yield isOfPipeline(source, settings)
        ? await listedOf(source, settings, cursors)
        : { source, unsure: [], outdated: [] };
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

/** Whether an object is a job of the pipeline, and old enough. */
export function isOfPipeline(
  { key, bytes, modifiedAt }: ListedObject,
  settings: FindSettings,
): boolean {
  const { worker, suffixes, until } = settings;
  const isMarker = key.endsWith('/') && bytes === 0;
  const isOutput =
    worker.source.bucket === worker.destination.bucket &&
    worker.destinationPrefix !== '' &&
    key.startsWith(worker.destinationPrefix);
  return !isMarker && !isOutput && isAnnounced(key, suffixes) && modifiedAt <= until;
}

async function listedOf(
  source: ListedObject,
  settings: FindSettings,
  cursors: readonly OutputCursor[],
): Promise<SourceListing> {
  const unsure: OutputPlace[] = [];
  const outdated: string[] = [];
  let manifest: ManifestPlace | undefined;
  try {
    for (const { output, find } of cursors) {
      const { name, isManifest } = output;
      const key = outputKey(source.key, output, settings.worker);
      const there = await find(key);
      const state = stateOf(name, there, source, settings);
      if (isManifest && there && state !== 'absent') manifest = { name, ...there };
      if (state === 'absent' || (state === 'ask' && settings.recipeChanged))
        unsure.push({ name, key });
      if (state === 'older') outdated.push(name);
    }
    return { source, unsure, outdated, ...(manifest && { manifest }) };
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error;
    return { source, unsure: [], outdated: [], fault: error.message };
  }
}

/** What a listing, or a look at the object itself, shows of one output. */
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
  if (fault !== undefined) {
    const outputs = settings.worker.outputs.map(({ name }) => name);
    const missing = { source, outputs, outdated: [], fault };
    return { missing, skipped: [], isOutdated: false, orphans: [] };
  }
  const { absent, outdated, manifest } = await ask(listed, settings);
  const said = await skippedAmong(absent, source, settings);
  const { lacking, orphans } = await heldAgainst(manifest, source, settings);
  const outputs = [...absent.filter((name) => !said.includes(name)), ...lacking];
  const isJob = outputs.length > 0 || (settings.recipeChanged === true && outdated.length > 0);
  return {
    skipped: absent.filter((name) => said.includes(name)),
    isOutdated: outdated.length > 0,
    orphans,
    ...(isJob && {
      missing: { source, outputs, outdated: settings.recipeChanged ? outdated : [] },
    }),
  };
}

/** Names of the outputs that are not there, and of those that are older than the recipe. */
async function ask(listed: SourceListing, settings: FindSettings) {
  const absent: string[] = [];
  const outdated = [...listed.outdated];
  let { manifest } = listed;
  for (const { name, key } of listed.unsure) {
    const there = await settings.buckets.look(settings.worker.destination, key);
    const state = stateOf(name, there && { metadata: {}, ...there }, listed.source, settings);
    if (state === 'absent') absent.push(name);
    if (state === 'older') outdated.push(name);
    if (there && state !== 'absent' && isManifest(name, settings))
      manifest = { name, key, modifiedAt: there.modifiedAt };
  }
  return { absent, outdated, manifest };
}

function isManifest(name: string, { worker }: FindSettings): boolean {
  return worker.outputs.some((plan) => plan.name === name && plan.isManifest);
}

/** What a manifest lists and is not there, by its keys; the manifest itself if it is of no use. */
async function heldAgainst(
  manifest: ManifestPlace | undefined,
  source: ListedObject,
  settings: FindSettings,
): Promise<{ readonly lacking: readonly string[]; readonly orphans: readonly string[] }> {
  if (!manifest) return { lacking: [], orphans: [] };
  const { absent: lacking, orphans } = (await checkManifest(source, manifest, settings)) ?? {
    absent: [manifest.name],
    orphans: [],
  };
  return { lacking, orphans };
}

/** Names of the outputs that the recipe does without. */
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
