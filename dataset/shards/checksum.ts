import { createHash } from 'node:crypto';

/** What a stream was made of. */
export interface Print {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

export const sha256Of = (content: string | Uint8Array) =>
  createHash('sha256').update(content).digest('hex');

/** Passes a stream on; its print is known when it has ended. */
export function printed(body: AsyncIterable<Uint8Array>): {
  readonly body: AsyncIterable<Uint8Array>;
  readonly print: () => Print;
} {
  const hash = createHash('sha256');
  let bytes = 0;
  return { body: pass(), print: () => ({ bytes, sha256: hash.digest('hex') }) };

  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
}

export async function printOf(body: AsyncIterable<Uint8Array>): Promise<Print> {
  const { body: passed, print } = printed(body);
  for await (const _piece of passed);
  return print();
}
