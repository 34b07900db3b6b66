import { Header } from 'tar/header';
import { Pax } from 'tar/pax';

/** A tar is made of blocks of this many bytes. */
export const BLOCK_BYTES = 512;

/** Longest name that fits into a plain header with a zero byte behind it. */
const PLAIN_NAME = /^[\x20-\x7e]{1,99}$/;

/** Two blocks of zeros. */
export const END_OF_ARCHIVE: Buffer = Buffer.alloc(2 * BLOCK_BYTES);

/** A file of a tar, by what its header says of it. */
export interface TarFile {
  readonly name: string;
  readonly bytes: number;
  /** Whole seconds are kept. */
  readonly modifiedAt: Date;
}

/**
 * What stands in a tar before the content of a file: one block, or a PAX header and a block where
 * the name is long or not in ASCII. It depends on nothing else in its tar: a file with its headers
 * and its padding can be copied from one tar into another.
 */
export function tarEntry({ name, bytes, modifiedAt }: TarFile): Buffer {
  const isPlain = PLAIN_NAME.test(name);
  const short = name.replace(/[^\x20-\x7e]/g, '_').slice(0, 99);
  const header = new Header({
    ...{ path: isPlain ? name : short, size: bytes, mtime: wholeSeconds(modifiedAt) },
    ...{ type: 'File', mode: 0o644, uid: 0, gid: 0 },
  });
  header.encode();
  const block = header.block ?? Buffer.alloc(0);
  return isPlain ? block : Buffer.concat([new Pax({ path: name }).encode(), block]);
}

/** What stands behind the content of a file, up to the next block. */
export function paddingOf(bytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

function wholeSeconds(date: Date): Date {
  return new Date(Math.max(0, Math.floor(date.getTime() / 1000)) * 1000);
}
