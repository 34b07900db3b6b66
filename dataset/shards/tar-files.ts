import { createHash } from 'node:crypto';
import { Parser } from 'tar/parse';

/** A file of a tar, by what the tar itself has of it. */
export interface FileInTar {
  readonly name: string;
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Reads all files of a tar, in their order; their contents pass by.
 * @throws Error when it is damaged.
 */
export async function tarFiles(body: AsyncIterable<Uint8Array>): Promise<readonly FileInTar[]> {
  const files: FileInTar[] = [];
  let fault: Error | undefined;
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const hash = createHash('sha256');
      let bytes = 0;
      entry.on('data', (piece) => {
        hash.update(piece);
        bytes += piece.length;
      });
      entry.on('end', () => files.push({ name: entry.path, bytes, sha256: hash.digest('hex') }));
    },
  });
  parser.on('error', (error: Error) => {
    fault ??= error;
  });
  const ended = new Promise<void>((resolve) => parser.on('end', resolve));
  for await (const piece of body) {
    if (fault) throw fault;
    parser.write(Buffer.from(piece));
  }
  parser.end();
  if (fault) throw fault;
  await ended;
  return files;
}
