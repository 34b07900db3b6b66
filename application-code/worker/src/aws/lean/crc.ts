import { createCRC32, createCRC64, type IHasher } from 'hash-wasm';

/** Polynomials, in the reversed notation: https://reveng.sourceforge.io/crc-catalogue/all.htm */
const POLYNOMIALS = { crc32: 'edb88320', crc32c: '82f63b78', crc64nvme: '9a6c9329ac4bc9b5' } as const;

export type Crc = keyof typeof POLYNOMIALS;
export type Hasher = IHasher;

/** In WebAssembly: a third of what JavaScript takes for 64 bits. */
export function createCrc(algorithm: Crc): Promise<Hasher> {
  return algorithm === 'crc64nvme'
    ? createCRC64(POLYNOMIALS.crc64nvme)
    : createCRC32(Number.parseInt(POLYNOMIALS[algorithm], 16));
}
