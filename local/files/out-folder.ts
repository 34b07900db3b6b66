import { createHash } from 'node:crypto';
import { lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../folder/error-code';
import { LocalModeError } from '../../folder/folder-error';
import { lockOutFolder, OWN_FOLDER, unlockOutFolder } from '../../folder/out-lock';
import { OutPaths } from './out-path';

export const PAGE_NAME = 'index.html';

/** A rendition that is in `out/` now, whole. */
export interface OutFile {
  /** Absolute path. */
  readonly path: string;
  readonly bytes: number;
  /** Why its path is not its key; absent when it is. */
  readonly renamed?: string;
}

export interface OutFolder {
  /** Absolute path. */
  readonly folder: string;
  /**
   * Writes a rendition: nobody ever sees half of one, and nothing is written outside the folder.
   * @param key the rendition's key below the destination prefix.
   * @param bytes what the body must have.
   * @throws LocalModeError when nothing more can be written there, such as on a full disk; Error
   *   for this file alone.
   */
  write(key: string, body: AsyncIterable<Uint8Array | string>, bytes: number): Promise<OutFile>;
  /** Writes the page and gives its path. */
  writePage(chunks: Iterable<string>): Promise<string>;
  /** Removes what is not finished and lets the next run have the folder. */
  close(): Promise<void>;
}

export interface OutFolderOptions {
  /** Names that the run will make in the folder: the renditions of the recipe. */
  readonly renditionNames: readonly string[];
  /** True when the user named the folder: then no other one will do. */
  readonly isExplicit: boolean;
}

/**
 * Makes the folder ready: it is created when it is missing, and what an earlier run wrote is
 * removed. A folder that holds anything else is left alone. Beside a run that is writing to the
 * default folder, the next free one is taken (`out-2`).
 * @throws LocalModeError when it cannot be used.
 */
export async function openOutFolder(wanted: string, options: OutFolderOptions): Promise<OutFolder> {
  const folder = await lockOutFolder(path.resolve(wanted), {
    entries: [...options.renditionNames, PAGE_NAME],
    isExplicit: options.isExplicit,
  }).catch((error: unknown) => refuse(path.resolve(wanted), error));
  const caseSensitive = !(await exists(path.join(folder, OWN_FOLDER.toUpperCase())));
  return new DiskFolder(folder, new OutPaths(caseSensitive, [PAGE_NAME, OWN_FOLDER]));
}

class DiskFolder implements OutFolder {
  private readonly made = new Set<string>();

  constructor(
    readonly folder: string,
    private readonly paths: OutPaths,
  ) {}

  async write(
    key: string,
    body: AsyncIterable<Uint8Array | string>,
    bytes: number,
  ): Promise<OutFile> {
    const { parts, renamed } = this.paths.pathOf(key);
    const target = path.join(this.folder, ...parts);
    try {
      await this.makeFolders(parts.slice(0, -1));
      await this.writeAside(target, body, bytes);
    } catch (error) {
      if (OF_ONE_FILE.has(codeOf(error) ?? '')) throw error;
      refuseIfFatal(this.folder, error);
    }
    return { path: target, bytes, ...(renamed === undefined ? {} : { renamed }) };
  }

  async writePage(chunks: Iterable<string>): Promise<string> {
    const target = path.join(this.folder, PAGE_NAME);
    await this.writeAside(target, asAsync(chunks)).catch((error: unknown) =>
      refuse(this.folder, error),
    );
    return target;
  }

  async close(): Promise<void> {
    await unlockOutFolder(this.folder);
  }

  /**
   * A link where a folder should be would lead out of ours, so only real folders are gone through.
   */
  private async makeFolders(parts: readonly string[]): Promise<void> {
    for (let depth = 1; depth <= parts.length; depth++) {
      const folder = path.join(this.folder, ...parts.slice(0, depth));
      if (this.made.has(folder)) continue;
      await mkdir(folder).catch(async (error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
        if (!(await lstat(folder)).isDirectory())
          throw new Error(`${folder} is not a folder: remove it`);
      });
      this.made.add(folder);
    }
  }

  private async writeAside(
    target: string,
    body: AsyncIterable<Uint8Array | string>,
    bytes?: number,
  ) {
    const name = createHash('sha256').update(target).digest('hex').slice(0, 32);
    const aside = path.join(this.folder, OWN_FOLDER, `part-${name}`);
    await rm(aside, { force: true });
    const handle = await open(aside, 'wx');
    try {
      let written = 0;
      for await (const chunk of body) {
        await handle.writeFile(chunk);
        written += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
      }
      if (bytes !== undefined && written !== bytes)
        throw new Error(`${written} bytes of ${target} arrived instead of ${bytes}`);
      await handle.close();
      await rename(aside, target);
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(aside, { force: true });
      throw error;
    }
  }
}

async function* asAsync(chunks: Iterable<string>): AsyncGenerator<string> {
  yield* chunks;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** What keeps the folder, and so every rendition, from being written. */
const FATAL: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room on it, or give another folder with --out',
  EDQUOT: 'your quota on the disk is used up: make room on it, or give another folder with --out',
  EACCES:
    'you may not write there: give yourself the permission, or give another folder with --out',
  EPERM: 'you may not write there: give yourself the permission, or give another folder with --out',
  EROFS: 'the disk is read-only: give another one with --out',
  EIO: 'the disk has a fault (EIO): give another one with --out',
  EMFILE: 'too many files are open (EMFILE): raise the limit with `ulimit -n 4096`',
  ENOENT: 'no folder can be made there: give another one with --out',
  EEXIST: 'it is a file: give a folder with --out',
  ELOOP: 'its path has a link that leads back to itself: give another one with --out',
  ENAMETOOLONG: 'its path is too long: give another one with --out',
  ENOTDIR: 'a part of its path is no folder: give another one with --out',
};

/** What keeps one rendition from being written, and says nothing about the next one. */
const OF_ONE_FILE: ReadonlySet<string> = new Set(['EEXIST', 'ELOOP', 'ENAMETOOLONG', 'ENOTDIR']);

function refuseIfFatal(folder: string, error: unknown): never {
  const why = FATAL[codeOf(error) ?? ''];
  if (why === undefined) throw error;
  throw new LocalModeError(`${folder} cannot be written, since ${why}.`);
}

function refuse(folder: string, error: unknown): never {
  if (error instanceof LocalModeError) throw error;
  refuseIfFatal(folder, error);
}
