import type { Canary } from '../../application-code/worker/src/workload/canary';
import { recipe } from './recipe';

/** Checksums of `abc`, by RFC 6234 and RFC 1321. */
const OF_ABC: Readonly<Record<string, string>> = {
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha512:
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
    '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  md5: '900150983cd24fb0d6963f7d28e17f72',
};

/** Tries a new build with one file whose checksum is known. */
export const canary: Canary = {
  async prepare({ RECIPE }) {
    const algorithm = RECIPE ? recipe.parse(RECIPE) : recipe.default;
    return {
      samples: [{ path: 'abc.txt', body: Buffer.from('abc'), contentType: 'text/plain' }],
      async judge(read) {
        const output = await read(`abc.txt.${algorithm}`);
        const found = output?.body.toString().trim() ?? 'nothing';
        const expected = OF_ABC[algorithm];
        return found === expected
          ? []
          : [`the ${algorithm} of abc must be ${expected}, but ${found} was found`];
      },
    };
  },
};
