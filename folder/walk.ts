import type { Stats } from 'node:fs';
import { lstat, opendir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './errors';
import { isOutFolder, OWN_FOLDER } from './out-lock';
import {
  decodeUtf8,
  isSystemFile,
  printableName,
  type SkippedFile,
  type SkipReason,
} from './skipped';

/** A file to upload. */
export interface FoundFile {
  readonly kind: 'file';
  /** Its path on disk. */
  readonly path: string;
  /** Path below the folder, with slashes. In its key it follows the source prefix. */
  readonly relativePath: string;
  /** Size when the folder was listed. */
  readonly bytes: number;
}

export interface SkippedEntry extends SkippedFile {
  readonly kind: 'skipped';
}

export interface WalkOptions {
  /** Relative paths that are ignored and not reported. */
  readonly ignore?: readonly string[];
  /** Most bytes of a relative path, so that its key has at most S3's 1,024. */
  readonly maxPathBytes?: number;
  /** Called for each file and folder of an operating system. Such a folder is not entered. */
  readonly onIgnored?: () => void;
  /** Ends the listing, without an error, at the next entry. */
  readonly signal?: AbortSignal;
}

interface Place {
  readonly path: string;
  readonly relativePath: string;
  /** Real paths of this folder and of all above it: a link to one of them loops. */
  readonly chain: readonly string[];
}

interface Walk {
  readonly root: string;
  readonly ignore: ReadonlySet<string>;
  readonly maxPathBytes: number;
  readonly onIgnored: () => void;
  /** Folders behind links. A second link to one could multiply the files without end. */
  readonly followed: Set<string>;
}

/**
 * Lists the files of a folder, at any depth, one after the other, so that a folder of a million
 * files needs no more memory than one of ten. Links inside the folder are followed. A file that
 * cannot be taken is yielded as skipped, never thrown.
 * @param folder an existing folder that can be read.
 */
export async function* walk(
  folder: string,
  options: WalkOptions = {},
): AsyncGenerator<FoundFile | SkippedEntry> {
  const root = await realpath(folder);
  const state: Walk = {
    root,
    ignore: new Set(options.ignore),
    maxPathBytes: options.maxPathBytes ?? 1_024,
    onIgnored: options.onIgnored ?? (() => undefined),
    followed: new Set(),
  };
  for await (const found of walkFolder({ path: folder, relativePath: '', chain: [root] }, state)) {
    if (options.signal?.aborted) return;
    yield found;
  }
}

async function* walkFolder(place: Place, state: Walk): AsyncGenerator<FoundFile | SkippedEntry> {
  try {
    // Names as bytes: a name that is not UTF-8 would become, as a string, another file's name.
    const folder = await opendir(place.path, { encoding: 'buffer' as BufferEncoding });
    for await (const entry of folder)
      yield* walkEntry(entry.name as unknown as Buffer, place, state);
  } catch (error) {
    yield skipped(place.relativePath || '.', reasonOf(error), codeOf(error));
  }
}

async function* walkEntry(
  name: Buffer,
  place: Place,
  state: Walk,
): AsyncGenerator<FoundFile | SkippedEntry> {
  const text = decodeUtf8(name);
  const shown = printableName(Buffer.from(`${place.relativePath && `${place.relativePath}/`}`));
  if (text === undefined) return yield skipped(shown + printableName(name), 'NameNotUtf8');
  const entry = path.join(place.path, text);
  const relativePath = place.relativePath === '' ? text : `${place.relativePath}/${text}`;
  if (state.ignore.has(relativePath)) return;
  if (isSystemFile(text)) return state.onIgnored();
  const here = { path: entry, relativePath, chain: place.chain };
  try {
    const stats = await lstat(entry);
    if (stats.isSymbolicLink()) yield* walkLink(here, state);
    else if (stats.isDirectory())
      yield* enter(here, path.join(place.chain.at(-1) ?? state.root, text), state);
    else yield found(here, stats, state);
  } catch (error) {
    yield skipped(shown + printableName(name), reasonOf(error), codeOf(error));
  }
}

/** Ignores a folder with outputs of a run, which are not sources. */
async function* enter(
  place: Place,
  real: string,
  state: Walk,
): AsyncGenerator<FoundFile | SkippedEntry> {
  if (path.basename(real) === OWN_FOLDER || (await isOutFolder(place.path))) return;
  yield* walkFolder({ ...place, chain: [...place.chain, real] }, state);
}

async function* walkLink(place: Place, state: Walk): AsyncGenerator<FoundFile | SkippedEntry> {
  const skip = (reason: SkipReason) => skipped(place.relativePath, reason);
  let target: string;
  try {
    target = await realpath(place.path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return yield skip('LinkDangles');
    if (codeOf(error) === 'ELOOP') return yield skip('LinkLoops');
    throw error;
  }
  if (!isInside(target, state.root)) return yield skip('LinkLeadsOutside');
  const stats = await lstat(target);
  if (!stats.isDirectory()) return yield found(place, stats, state);
  if (place.chain.includes(target)) return yield skip('LinkLoops');
  if (state.followed.has(target)) return yield skip('LinkRepeats');
  state.followed.add(target);
  yield* enter(place, target, state);
}

function found(place: Place, stats: Stats, state: Walk): FoundFile | SkippedEntry {
  if (!stats.isFile()) return skipped(place.relativePath, 'NotAFile');
  if (Buffer.byteLength(place.relativePath) > state.maxPathBytes)
    return skipped(place.relativePath, 'KeyTooLong');
  return { kind: 'file', path: place.path, relativePath: place.relativePath, bytes: stats.size };
}

function skipped(name: string, reason: SkipReason, detail?: string): SkippedEntry {
  const shown = printableName(Buffer.from(name));
  return { kind: 'skipped', name: shown, reason, ...(detail === undefined ? {} : { detail }) };
}

/** True when a real path is the folder itself or inside it. */
export function isInside(target: string, folder: string): boolean {
  const relative = path.relative(folder, target);
  return (
    relative === '' ||
    (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
  );
}

function reasonOf(error: unknown): SkipReason {
  return codeOf(error) === 'ENOENT' ? 'Vanished' : 'Unreadable';
}
