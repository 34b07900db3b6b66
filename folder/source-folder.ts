import type { Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, LocalModeError } from './errors';
import { isInside, walk } from './walk';

/**
 * Checks that a folder can be processed, before anything is started.
 * @returns its real path.
 * @throws LocalModeError when it does not exist, is not a folder, cannot be read or is empty.
 */
export async function checkSourceFolder(folder: string): Promise<string> {
  const stats = await stat(folder).catch((error: unknown) => refuse(folder, error));
  if (!stats.isDirectory()) throw new LocalModeError(notAFolder(folder, stats));
  const entries = await opendir(folder).catch((error: unknown) => refuse(folder, error));
  await entries.close();
  for await (const _file of walk(folder)) return realpath(folder);
  throw new LocalModeError(
    `${folder} is empty, or holds only what operating systems leave behind: ` +
      'give a folder that holds files, at any depth.',
  );
}

function notAFolder(folder: string, stats: Stats): string {
  return (
    `${folder} is ${stats.isFile() ? 'a file' : 'not a folder'}: give the folder that it is in; ` +
    'folders are processed with all that is in them.'
  );
}

function refuse(folder: string, error: unknown): never {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    throw new LocalModeError(
      `${folder} does not exist: give the path of a folder that holds files.`,
    );
  if (code === 'ELOOP')
    throw new LocalModeError(
      `${folder} is a link that leads back to itself: give the path of a folder.`,
    );
  throw new LocalModeError(
    `${folder} cannot be read (${code ?? String(error)}): ` +
      'give yourself the permission to read it, or give another folder.',
  );
}

/**
 * Checks that the outputs are not written to the sources, which the next run would remove.
 * @param folder real path of the source folder.
 * @throws LocalModeError when `out` is the source folder or contains it.
 */
export async function checkOutIsElsewhere(folder: string, out: string): Promise<void> {
  if (!isInside(folder, await realpathOfNew(out))) return;
  throw new LocalModeError(
    `The outputs cannot be written to ${out}, since ${folder} is in it: ` +
      'give another folder with --out.',
  );
}

/** The real path of a file or folder that may not exist yet. */
async function realpathOfNew(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    const parent = path.dirname(file);
    if (codeOf(error) !== 'ENOENT' || parent === file) return file;
    return path.join(await realpathOfNew(parent), path.basename(file));
  }
}
