import type { BigIntStats } from 'node:fs';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { codeOf } from './errors';
import type { SkipReason } from './skipped';
import type { FoundFile } from './walk';

const READ_BYTES = 1024 * 1024;

/** A larger file is uploaded in parts of this size, as with the aws command: 8 MiB. */
export const LARGE_FILE_BYTES = 8 * 1024 * 1024;

/** A file that cannot be uploaded as it is. */
export class SourceFileError extends Error {
  override readonly name = 'SourceFileError';

  constructor(
    readonly reason: SkipReason,
    readonly detail?: string,
  ) {
    super(reason);
  }
}

/** A body to upload: whole when it is small, otherwise a stream. */
export interface SourceBody {
  readonly body: Buffer | Readable;
  readonly bytes: number;
}

/**
 * Opens a file, passes its body to `use`, and checks that the file did not change meanwhile. The
 * stream of a changed file fails before its end, so that half of a file never becomes an object.
 * @throws SourceFileError for a fault of the file, and any error of `use`.
 */
export async function withSource<T>(
  file: FoundFile,
  use: (source: SourceBody) => Promise<T>,
): Promise<T> {
  const handle = await open(file.path, constants.O_RDONLY | constants.O_NONBLOCK).catch(refuse);
  try {
    const before = await handle.stat({ bigint: true });
    if (!before.isFile()) throw new SourceFileError('NotAFile');
    const bytes = Number(before.size);
    const chunks = readUnchanged(handle, before);
    if (bytes > LARGE_FILE_BYTES) return await useStream(chunks, bytes, use);
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return await use({ bytes, body: Buffer.concat(parts) });
  } finally {
    await handle.close();
  }
}

async function useStream<T>(
  chunks: AsyncIterable<Buffer>,
  bytes: number,
  use: (source: SourceBody) => Promise<T>,
): Promise<T> {
  const body = Readable.from(chunks, { objectMode: false });
  try {
    return await use({ bytes, body });
  } finally {
    body.destroy();
  }
}

async function* readUnchanged(handle: FileHandle, before: BigIntStats): AsyncGenerator<Buffer> {
  const size = Number(before.size);
  for (let position = 0; position < size; ) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, size - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position).catch(refuse);
    if (bytesRead === 0) throw new SourceFileError('Changed');
    position += bytesRead;
    if (position === size) await checkUnchanged(handle, before);
    yield buffer.subarray(0, bytesRead);
  }
}

async function checkUnchanged(handle: FileHandle, before: BigIntStats): Promise<void> {
  const after = await handle.stat({ bigint: true });
  if (after.size !== before.size || after.mtimeNs !== before.mtimeNs)
    throw new SourceFileError('Changed');
}

function refuse(error: unknown): never {
  const code = codeOf(error);
  throw new SourceFileError(code === 'ENOENT' ? 'Vanished' : 'Unreadable', code);
}
