import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { SceneFault } from './scene-fault';

/** What an archive may hold. Scenes with pictures and meshes stay far below. */
interface ArchiveLimits {
  /** Files and folders. */
  readonly entries: number;
  /** Of all entries together, unpacked. */
  readonly bytes: number;
  /**
   * Bytes that a byte of an entry may become. Text with many numbers reaches 20, DEFLATE at most
   * 1,032: https://zlib.net/zlib_tech.html
   */
  readonly ratio: number;
  /** Entries up to this many bytes may have any ratio. */
  readonly bytesOfAnyRatio: number;
}

const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 2_000,
  bytes: 512 * 1024 * 1024,
  ratio: 200,
  bytesOfAnyRatio: 1024 * 1024,
};

export interface Unpacking {
  readonly archive: string;
  /** A new, empty folder. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly limits?: ArchiveLimits;
}

/**
 * Unpacks an archive.
 * @returns the paths of its files below the folder.
 * @throws SceneFault when it is no zip archive, or when an entry must not be unpacked. Nothing is
 *   ever written outside of the folder.
 */
export async function unpack(unpacking: Unpacking): Promise<readonly string[]> {
  try {
    const zip = await openPromise(unpacking.archive);
    try {
      return await unpackEntries(zip, unpacking);
    } finally {
      zip.close();
    }
  } catch (error) {
    throw asFault(error);
  }
}

async function unpackEntries(zip: ZipFile, { folder, signal, limits }: Unpacking) {
  const checkEntry = entryCheck(limits ?? ARCHIVE_LIMITS);
  const files: string[] = [];
  // Its names are relative, without `..` and with slashes alone: what is not throws here.
  for await (const entry of zip.eachEntry()) {
    checkEntry(entry);
    if (isOfFinder(entry.fileName)) continue;
    const target = join(folder, entry.fileName);
    await mkdir(entry.fileName.endsWith('/') ? target : dirname(target), { recursive: true });
    if (entry.fileName.endsWith('/')) continue;
    // It fails when more or fewer bytes come out than the entry says.
    const content = await zip.openReadStreamPromise(entry);
    await pipeline(content, createWriteStream(target, { flags: 'wx' }), { signal });
    files.push(entry.fileName);
  }
  return files;
}

/** What Finder on a Mac adds to an archive. */
function isOfFinder(name: string): boolean {
  return name.startsWith('__MACOSX/') || name.endsWith('.DS_Store');
}

/** Of the type of a file in its mode, see `man 7 inode`. Archives from DOS have none of them. */
const TYPE = 0o170000;
const FOLDER = 0o040000;
const REGULAR = 0o100000;

/** Looks at what an entry says of itself, before anything of it is unpacked. */
function entryCheck(limits: ArchiveLimits): (entry: Entry) => void {
  let entries = 0;
  let bytes = 0;
  return ({ fileName, externalFileAttributes, compressedSize, uncompressedSize, ...entry }) => {
    entries += 1;
    bytes += uncompressedSize;
    const type = (externalFileAttributes >>> 16) & TYPE;
    const ratio = uncompressedSize / Math.max(compressedSize, 1);
    const faults: readonly (readonly [boolean, string])[] = [
      [entries > limits.entries, `has more than ${count(limits.entries)} entries`],
      [bytes > limits.bytes, `unpacks to more than ${count(limits.bytes)} bytes`],
      [
        uncompressedSize > limits.bytesOfAnyRatio && ratio > limits.ratio,
        `holds ${fileName}, which unpacks to ${count(ratio)} times its size; ` +
          `${count(limits.ratio)} is allowed`,
      ],
      [
        type !== 0 && type !== FOLDER && type !== REGULAR,
        `holds ${fileName}, which is a link or a device; only files and folders are allowed`,
      ],
      [
        (entry.generalPurposeBitFlag & 1) !== 0,
        `holds ${fileName}, which is encrypted; encrypted files cannot be unpacked`,
      ],
    ];
    for (const [isWrong, what] of faults) if (isWrong) throw new SceneFault(`The archive ${what}.`);
  };
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Two entries of one name; a file where another entry has a folder; a name that no disk takes. */
const NAME_FAULTS = ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'];

/** What the disk says, such as that it is full, is not the archive's fault. */
function asFault(error: unknown): unknown {
  const { name, message, code, syscall, path } = error as NodeJS.ErrnoException;
  if (error instanceof SceneFault || name === 'AbortError') return error;
  if (syscall === undefined) {
    return new SceneFault(`The archive cannot be unpacked: ${message}.`, { cause: error });
  }
  if (!NAME_FAULTS.includes(code ?? '')) return error;
  const what = 'two entries in one place, or a name that is too long';
  return new SceneFault(`The archive holds ${what}: ${basename(path ?? '')}.`, { cause: error });
}
