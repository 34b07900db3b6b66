import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import type { CrcName } from './crc';

/** What S3 says of a whole body. */
export interface Checksum {
  readonly algorithm: Algorithm;
  /** In base64, as the header has it. */
  readonly value: string;
}

/** Follows a body piece by piece. */
export interface Verifier {
  update(piece: Buffer): void;
  /** To be asked once, after the last piece. */
  isRight(): boolean;
}

/** Those that S3 may send and that cost little here, the cheapest first. */
const ALGORITHMS = ['crc32', 'crc64nvme', 'crc32c', 'sha1', 'sha256'] as const;
type Algorithm = (typeof ALGORITHMS)[number];

/** Node has it from 20.15 on: https://nodejs.org/api/zlib.html#zlibcrc32data-value */
const nativeCrc32 = (zlib.crc32 as Crc32 | undefined) ?? null;
type Crc32 = typeof zlib.crc32;

/**
 * The checksum in the headers of an object. A composite one, of the parts of a multipart upload,
 * says nothing of the whole:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function checksumOf(headers: Readonly<Record<string, string>>): Checksum | undefined {
  for (const algorithm of ALGORITHMS) {
    const value = headers[`x-amz-checksum-${algorithm}`];
    if (value !== undefined && !value.includes('-')) return { algorithm, value };
  }
  return undefined;
}

/** The header by which S3 checks what it is sent. */
export function checksumHeaders(
  body: Buffer,
  crc32: Crc32 | null = nativeCrc32,
): Readonly<Record<string, string>> {
  if (!crc32) return { 'content-md5': createHash('md5').update(body).digest('base64') };
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(body));
  return {
    'x-amz-sdk-checksum-algorithm': 'CRC32',
    'x-amz-checksum-crc32': value.toString('base64'),
  };
}

export async function verifierOf(
  { algorithm, value }: Checksum,
  crc32: Crc32 | null = nativeCrc32,
): Promise<Verifier> {
  if (algorithm === 'crc32' && crc32) return crc32Verifier(value, crc32);
  if (algorithm === 'sha1' || algorithm === 'sha256') {
    const hash = createHash(algorithm);
    return {
      update: (piece) => hash.update(piece),
      isRight: () => hash.digest('base64') === value,
    };
  }
  return crcVerifier(algorithm, value);
}

function crc32Verifier(value: string, crc32: Crc32): Verifier {
  let sum = 0;
  return {
    update: (piece) => {
      sum = crc32(piece, sum);
    },
    isRight: () => sum === Buffer.from(value, 'base64').readUInt32BE(),
  };
}

async function crcVerifier(name: CrcName, value: string): Promise<Verifier> {
  const { createCrc } = await import('./crc');
  const crc = await createCrc(name);
  return {
    update: (piece) => crc.update(piece),
    isRight: () => crc.digest().toString('base64') === value,
  };
}
