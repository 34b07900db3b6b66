import type { Readable } from 'node:stream';

/**
 * Hands over a body piece by piece until its end. An iterator would be shorter, but takes as much
 * CPU time as the signature of a request.
 * @throws the error of the stream, also when it broke before anybody read.
 */
export function readBody(body: Readable, take: (piece: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isWhole = false;
    const close = () => {
      // An error that is not read costs its stack.
      if (!isWhole) reject(body.errored ?? new Error('The connection was closed.'));
    };
    if (body.destroyed) return close();
    body.on('data', take);
    body.once('end', () => {
      isWhole = true;
      resolve();
    });
    body.once('error', reject);
    body.once('close', close);
  });
}

/** A whole body, as text. */
export async function readText(body: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  await readBody(body, (piece) => pieces.push(piece));
  return Buffer.concat(pieces).toString();
}
