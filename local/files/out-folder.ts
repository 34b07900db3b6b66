import { createHash } from 'node:crypto';
import { lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, LocalModeError } from '../../folder/errors';
import { lockOutFolder, noteEntry, OWN_FOLDER, unlockOutFolder } from '../../folder/out-lock';
import { OutPaths } from './out-path';

const PAGE_NAME = 'index.html';

/** A whole output in `out/`. */
export interface OutFile {
  /** Absolute path. */
  readonly path: string;
  readonly bytes: number;
  /** Why its path differs from its key; absent where both are the same. */
  readonly renamed?: string;
}

export interface OutFolder {
  /** Absolute path. */
  readonly folder: string;
  /**
   * Writes an output. A reader never sees half of one, and nothing is written outside the folder.
   * @param key the output's key below the destination prefix.
   * @param bytes the size that the body must have.
   * @throws LocalModeError when nothing can be written there any longer, such as on a full disk;
   *   Error when only this output cannot be written.
   */
  write(key: string, body: AsyncIterable<Uint8Array | string>, bytes: number): Promise<OutFile>;
  /**
   * Moves a finished file of this disk to a name at the top of the folder.
   * @throws LocalModeError when nothing can be written there any longer.
   */
  take(name: string, from: string): Promise<void>;
  /** Place for what the run needs until it ends; on the same disk. */
  readonly workFolder: string;
  /** Writes the page and returns its path. */
  writePage(chunks: Iterable<string>): Promise<string>;
  /** Removes unfinished files and unlocks the folder for the next run. */
  close(): Promise<void>;
}

export interface OutFolderOptions {
  /** True when the user named the folder: then no other folder will do. */
  readonly isExplicit: boolean;
}

/**
 * Prepares the folder: creates it when it is missing, and removes what an earlier run wrote. A
 * folder that holds other files is left alone. While another run writes to the default folder,
 * the next free one is taken (`out-2`).
 * @throws LocalModeError when the folder cannot be used.
 */
export async function openOutFolder(wanted: string, options: OutFolderOptions): Promise<OutFolder> {
  const folder = await lockOutFolder(path.resolve(wanted), options).catch((error: unknown) =>
    refuse(path.resolve(wanted), error),
  );
  const caseSensitive = !(await exists(path.join(folder, OWN_FOLDER.toUpperCase())));
  return new DiskFolder(folder, new OutPaths(caseSensitive, [PAGE_NAME, OWN_FOLDER]));
}

class DiskFolder implements OutFolder {
  private readonly made = new Set<string>();
  private readonly noted = new Map<string, Promise<void>>();

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
      await this.note(parts[0] ?? '');
      await this.makeFolders(parts.slice(0, -1));
      await this.writeAside(target, body, bytes);
    } catch (error) {
      if (OF_ONE_FILE.has(codeOf(error) ?? '')) throw error;
      refuseIfFatal(this.folder, error);
    }
    return { path: target, bytes, ...(renamed === undefined ? {} : { renamed }) };
  }

  get workFolder(): string {
    return path.join(this.folder, OWN_FOLDER, 'part-work');
  }

  async take(name: string, from: string): Promise<void> {
    try {
      await this.note(name);
      await rename(from, path.join(this.folder, name));
    } catch (error) {
      refuse(this.folder, error);
    }
  }

  async writePage(chunks: Iterable<string>): Promise<string> {
    const target = path.join(this.folder, PAGE_NAME);
    try {
      await this.note(PAGE_NAME);
      await this.writeAside(target, asAsync(chunks));
    } catch (error) {
      refuse(this.folder, error);
    }
    return target;
  }

  async close(): Promise<void> {
    await unlockOutFolder(this.folder);
  }

  /** Notes each name at the top of the folder once, before it is made. */
  private note(name: string): Promise<void> {
    const noted = this.noted.get(name) ?? noteEntry(this.folder, name);
    this.noted.set(name, noted);
    return noted;
  }

  /** A link in the place of a folder could lead out of `out/`, so only real folders will do. */
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

/** Why the folder cannot be written, and so no output. */
const FATAL: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room on it, or give another folder with --out',
  EDQUOT: 'your quota on the disk is used up: make room on it, or give another folder with --out',
  EACCES:
    'you may not write there: give yourself the permission, or give another folder with --out',
  EPERM: 'you may not write there: give yourself the permission, or give another folder with --out',
  EROFS: 'the disk is read-only: give a folder on another disk with --out',
  EIO: 'the disk has a fault (EIO): give a folder on another disk with --out',
  EMFILE: 'too many files are open (EMFILE): raise the limit with `ulimit -n 4096`',
  ENOENT: 'no folder can be made there: give another folder with --out',
  EEXIST: 'it is a file: give a folder with --out',
  ELOOP: 'its path has a link that leads back to itself: give another folder with --out',
  ENAMETOOLONG: 'its path is too long: give another folder with --out',
  ENOTDIR: 'a part of its path is not a folder: give another folder with --out',
};

/** Errors that concern one output and say nothing about the next one. */
const OF_ONE_FILE: ReadonlySet<string> = new Set(['EEXIST', 'ELOOP', 'ENAMETOOLONG', 'ENOTDIR']);

/** Why nothing can be written to a folder any longer; undefined for any other error. */
export function diskFault(folder: string, error: unknown): LocalModeError | undefined {
  const why = FATAL[codeOf(error) ?? ''];
  return why === undefined
    ? undefined
    : new LocalModeError(`${folder} cannot be written, since ${why}.`);
}

function refuseIfFatal(folder: string, error: unknown): never {
  throw diskFault(folder, error) ?? error;
}

function refuse(folder: string, error: unknown): never {
  if (error instanceof LocalModeError) throw error;
  refuseIfFatal(folder, error);
}
