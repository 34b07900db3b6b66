import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TransientFault } from '../faults';
import type { Output } from '../workload/workload';
import type { FinishedPartFile, PartFile, PartFiles } from './ports';

/** Files of parts in a folder, by default the one that `TMPDIR` names. */
export class LocalPartFiles implements PartFiles {
  constructor(private readonly folder = tmpdir()) {}

  async create(name: string): Promise<PartFile> {
    const path = join(this.folder, `spillway-${name}.tar`);
    return new LocalPartFile(path, await open(path, 'wx'));
  }
}

class LocalPartFile implements PartFile {
  private bytes = 0;
  private hash: Hash = createHash('sha256');

  constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  async append(pieces: readonly Output['body'][]): Promise<void> {
    const hash = this.hash.copy();
    let end = this.bytes;
    try {
      for await (const piece of contentOf(pieces)) {
        hash.update(piece);
        await writeAll(this.file, piece, end);
        end += piece.length;
      }
    } catch (error) {
      throw diskFault(error, dirname(this.path));
    }
    this.bytes = end;
    this.hash = hash;
  }

  async finish(): Promise<FinishedPartFile> {
    const { path: file, bytes } = this;
    try {
      await this.file.truncate(bytes);
    } finally {
      await this.file.close();
    }
    return { body: { file }, bytes, sha256: this.hash.digest('hex') };
  }

  async remove(): Promise<void> {
    await this.file.close();
    await rm(this.path, { force: true });
  }
}

/** Neighbours in memory as one piece, since each write is a turn of a thread. */
async function* contentOf(pieces: readonly Output['body'][]): AsyncGenerator<Buffer> {
  let small: Buffer[] = [];
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) {
      small.push(piece);
      continue;
    }
    yield Buffer.concat(small);
    small = [];
    yield* createReadStream(piece.file) as AsyncIterable<Buffer>;
  }
  yield Buffer.concat(small);
}

async function writeAll(file: FileHandle, piece: Buffer, position: number): Promise<void> {
  for (let done = 0; done < piece.length; ) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done, position + done);
    done += bytesWritten;
  }
}

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** What a failed write is to a job. */
export function diskFault(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !FULL.includes(code)) return error;
  return new TransientFault(
    'ResourcesExhausted',
    `No room is left for the samples of a part in ${folder} (${code}); give the task more ` +
      'ephemeral storage, or lower SHARD_MEBIBYTES or the jobs at a time.',
    { cause: error },
  );
}
