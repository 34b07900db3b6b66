import { statfsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** With less than this nothing that matters can be written. */
const FULL_BYTES = 16 * 2 ** 20;
/** What blocks are counted in: https://man7.org/linux/man-pages/man3/stat.3type.html */
const BLOCK_BYTES = 512;
/** Files that are looked at side by side. */
const BATCH = 64;

/** Room of a file system. */
export interface Room {
  readonly freeBytes: number;
  /** Files that can still be made. */
  readonly freeFiles: number;
}

/** The file system of a folder; some have no bound of files and say 0 of 0. */
export function roomAt(folder: string): Room {
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  return { freeBytes: bavail * bsize, freeFiles: files === 0 ? Number.POSITIVE_INFINITY : ffree };
}

export function isFull({ freeBytes, freeFiles }: Room): boolean {
  return freeBytes < FULL_BYTES || freeFiles === 0;
}

/** What a folder takes. */
export interface FolderSize {
  /** On the disk: holes of a file take none. */
  readonly bytes: number;
  readonly files: number;
}

/**
 * Size of a folder, while a program works in it. It stops counting at `mostFiles`, since each takes
 * the engine's time.
 */
export async function sizeOf(folder: string, mostFiles: number): Promise<FolderSize> {
  let bytes = 0;
  let files = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const entries = await entriesOf(next);
    files += entries.length;
    if (files > mostFiles) break;
    for (let at = 0; at < entries.length; at += BATCH) {
      const paths = entries.slice(at, at + BATCH).map(({ path }) => path);
      bytes += (await Promise.all(paths.map(blockBytes))).reduce((sum, one) => sum + one, 0);
    }
    folders.push(...entries.filter(({ isFolder }) => isFolder).map(({ path }) => path));
  }
  return { bytes, files };
}

async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({
      path: join(folder, entry.name),
      isFolder: entry.isDirectory(),
    }));
  } catch {
    // It is gone, may not be read, or lies too deep: the free room of the disk tells what it takes.
    return [];
  }
}

async function blockBytes(path: string): Promise<number> {
  try {
    return (await lstat(path)).blocks * BLOCK_BYTES;
  } catch {
    return 0;
  }
}
