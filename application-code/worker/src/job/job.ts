import type { Recipe } from '../../../images/recipe';
import type { Clock } from '../clock';
import { Fault, PermanentFault, TransientFault } from '../faults';
import { type KeyPrefixes, renditionKey } from './keys';
import { type MessageEntry, readMessage } from './messages';
import { openAgain, SourceChanged, SourceGone } from './opened-source';
import { type Measured, PhaseTimes } from './phase-times';
import type {
  OpenedSource,
  Rendered,
  Renderer,
  Rendition,
  Renditions,
  SourceObjects,
} from './ports';
import { RECIPE_HASH, recipeHash } from './recipe-hash';
import { type SkippedRendition, skippedMetadata } from './skipped-renditions';

export interface JobPorts {
  readonly sources: SourceObjects;
  readonly renditions: Renditions;
  readonly renderer: Renderer;
  readonly clock: Clock;
}

export interface JobSettings extends KeyPrefixes {
  readonly sourceBucket: string;
  readonly recipe: Recipe;
  readonly maxSourceBytes: number;
}

/** Where a rendition goes, and the hash of the settings that it is made by. */
interface Place {
  readonly key: string;
  readonly hash: string;
}

type Places = ReadonlyMap<string, Place>;

/** Absent where nothing was skipped. */
interface Skips {
  readonly skipped?: readonly SkippedRendition[];
}

/**
 * What became of one source object. `interrupted`: the job was called off; `because` says by what.
 */
export type SourceResult =
  | ({
      readonly outcome: 'done';
      readonly key: string;
      readonly renditions: readonly string[];
    } & Skips &
      Measured)
  | { readonly outcome: 'gone'; readonly key: string }
  | { readonly outcome: 'ignored'; readonly key?: string; readonly because: string }
  | ({ readonly outcome: 'failed'; readonly key?: string; readonly fault: Fault } & Measured)
  | ({
      readonly outcome: 'interrupted';
      readonly key: string;
      readonly because: string;
    } & Measured);

/** Reason for which a job's signal is aborted when that is not the job's own fault. */
export class Interruption extends Error {}

/** Times that a source may change under our hands before the job is put off. */
const MAX_ROUNDS = 3;

/**
 * Does one message's work, source object after source object, and never rejects. Each source is
 * read in its current version, whatever version the event named; all renditions are written; then
 * the source is looked at again, and when it has changed meanwhile everything starts over. So the
 * renditions that stay are those of the newest source.
 */
export async function runJob(
  body: string,
  settings: JobSettings,
  ports: JobPorts,
  signal: AbortSignal,
): Promise<readonly SourceResult[]> {
  const results: SourceResult[] = [];
  for (const entry of readMessage(body, settings))
    results.push(await resultOf(entry, settings, ports, signal));
  return results;
}

async function resultOf(
  entry: MessageEntry,
  settings: JobSettings,
  ports: JobPorts,
  signal: AbortSignal,
): Promise<SourceResult> {
  if (entry.kind !== 'source') return withoutWork(entry);
  const { key } = entry;
  const times = new PhaseTimes(ports.clock);
  try {
    const made = await renderNewest(key, settings, ports, signal, times);
    return { outcome: 'done', key, ...made, ...times.measured() };
  } catch (error) {
    if (error instanceof SourceGone) return { outcome: 'gone', key };
    const reason = signal.aborted ? signal.reason : error;
    if (reason instanceof Interruption) {
      return { outcome: 'interrupted', key, because: reason.message, ...times.measured() };
    }
    return { outcome: 'failed', key, fault: asFault(reason), ...times.measured() };
  }
}

/** The result of an entry that asks for no work. */
export function withoutWork({
  kind,
  ...rest
}: Exclude<MessageEntry, { kind: 'source' }>): SourceResult {
  return 'fault' in rest ? { ...rest, outcome: 'failed' } : { ...rest, outcome: 'ignored' };
}

async function renderNewest(
  key: string,
  settings: JobSettings,
  ports: JobPorts,
  signal: AbortSignal,
  times: PhaseTimes,
): Promise<Skips & { readonly renditions: readonly string[] }> {
  const places: Places = new Map(
    settings.recipe.map((spec) => [
      spec.name,
      { key: renditionKey(key, spec, settings), hash: recipeHash(spec) },
    ]),
  );
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const source = await times.open(() => ports.sources.open(key, signal));
    if (source === undefined) throw new SourceGone();
    let skipped: readonly SkippedRendition[];
    try {
      skipped = await renderVersion(key, source, places, settings, ports, signal, times);
    } catch (error) {
      if (error instanceof SourceChanged && !signal.aborted) continue;
      throw error;
    } finally {
      source.discard();
    }
    const now = await ports.sources.look(key, signal);
    if (now === undefined) throw new SourceGone();
    if (now.eTag === source.eTag) return withoutSkipped(places, skipped);
  }
  throw new TransientFault(
    'SourceKeepsChanging',
    `The source changed ${MAX_ROUNDS} times while it was rendered; it is tried again when it has come to rest.`,
  );
}

function withoutSkipped(places: Places, skipped: readonly SkippedRendition[]) {
  const names = new Set(skipped.map(({ name }) => name));
  const renditions = [...places].filter(([name]) => !names.has(name)).map(([, { key }]) => key);
  return { renditions, ...(skipped.length > 0 && { skipped }) };
}

async function renderVersion(
  key: string,
  source: OpenedSource,
  places: Places,
  { maxSourceBytes, recipe }: JobSettings,
  ports: JobPorts,
  signal: AbortSignal,
  times: PhaseTimes,
): Promise<readonly SkippedRendition[]> {
  times.source(source.bytes);
  refuseBySize(source.bytes, maxSourceBytes);
  const download = openAgain(key, source, ports.sources, ports.clock, signal);
  const rendered = await ports.renderer.render({
    sourceKey: key,
    bytes: source.bytes,
    download,
    signal,
  });
  try {
    times.rendered(rendered);
    signal.throwIfAborted();
    const metadata = skippedMetadata(rendered.skipped, recipe);
    const common = { sourceETag: source.eTag, metadata };
    await times.write(() => writeAll(rendered, common, places, ports.renditions, signal));
    return rendered.skipped;
  } finally {
    rendered.release();
  }
}

function refuseBySize(bytes: number, maxSourceBytes: number): void {
  if (bytes === 0)
    throw new PermanentFault(
      'EmptySource',
      'The source object has 0 bytes; upload the file again.',
    );
  if (bytes <= maxSourceBytes) return;
  throw new PermanentFault(
    'TooManyBytes',
    `The source object has ${bytes} bytes, but at most ${maxSourceBytes} are taken; raise MAX_SOURCE_BYTES or send a smaller file.`,
  );
}

/** Settles when none of the writes is under way any more, since their memory is given back then. */
async function writeAll(
  rendered: Rendered,
  common: Pick<Rendition, 'sourceETag' | 'metadata'>,
  places: Places,
  renditions: Renditions,
  signal: AbortSignal,
): Promise<void> {
  const writes = rendered.images.map(async ({ name, body, contentType }) => {
    const place = places.get(name);
    if (!place) throw new Error(`The renderer made ${name}, which the recipe does not name.`);
    const metadata = { ...common.metadata, [RECIPE_HASH]: place.hash };
    await renditions.write({ key: place.key, body, contentType, ...common, metadata }, signal);
  });
  const failed = (await Promise.allSettled(writes)).find((write) => write.status === 'rejected');
  if (failed) throw failed.reason;
  if (writes.length + rendered.skipped.length < places.size)
    throw new Error(`The renderer made ${writes.length} of ${places.size} renditions.`);
}

/** What nobody foresaw is worth trying again: another worker may not meet it. */
function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new TransientFault('Internal', text, { cause: error });
}
