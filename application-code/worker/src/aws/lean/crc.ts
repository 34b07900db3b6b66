import { createCRC32 } from 'hash-wasm';
import { Crc64 } from './crc64';

/** Polynomials, reversed: https://reveng.sourceforge.io/crc-catalogue/all.htm */
const POLYNOMIALS = { crc32: 0xedb88320, crc32c: 0x82f63b78 } as const;

export type CrcName = keyof typeof POLYNOMIALS | 'crc64nvme';

/** Follows a body piece by piece. */
export interface Crc {
  update(piece: Uint8Array): void;
  /** As S3's header has it in base64; to be asked once, after the last piece. */
  digest(): Buffer;
}

/** In WebAssembly. */
export async function createCrc(name: CrcName): Promise<Crc> {
  if (name === 'crc64nvme') return new Crc64();
  const hasher = await createCRC32(POLYNOMIALS[name]);
  return {
    update: (piece) => void hasher.update(piece),
    digest: () => Buffer.from(hasher.digest('binary')),
  };
}
