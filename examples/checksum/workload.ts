import { createHash } from 'node:crypto';
import type { Workload } from '../../application-code/worker/src/workload/workload';

/** Reads files of any size piece by piece. */
export const workload: Workload<string> = {
  createProcessor: (algorithm) => ({
    async process(source, { signal }) {
      const hash = createHash(algorithm);
      for await (const piece of await source.stream()) {
        signal.throwIfAborted();
        hash.update(piece);
      }
      const body = Buffer.from(`${hash.digest('hex')}\n`);
      return { outputs: [{ name: 'checksum', body, contentType: 'text/plain' }] };
    },
  }),
  async selfTest(write) {
    const isRight = createHash('md5').update('').digest('hex').startsWith('d41d8cd9');
    write(`${isRight ? 'ok     ' : 'FAILED '} md5 of nothing`);
    return isRight;
  },
};
