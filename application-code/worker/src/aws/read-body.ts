import type { Readable } from 'node:stream';

/**
 * Hands over a body piece by piece until its end. An iterator would be shorter, but takes as much
 * CPU time as the signature of a request.
 * @throws the error of the stream, also when it broke before anybody read.
 */
export function readBody(body: Readable, take: (piece: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(body.errored ?? new Error('The connection was closed.'));
    if (body.destroyed) return fail();
    body.on('data', take);
    body.once('end', () => {
      // An error that nobody sees would be made for each body.
      body.removeListener('close', fail);
      resolve();
    });
    body.once('error', reject);
    body.once('close', fail);
  });
}
