import type { JpegSegment } from './jpeg-frame';

const APP0 = 0xe0;
const COMMENT = 0xfe;
const RESTART_INTERVAL = 0xdd;
const HUFFMAN_TABLES = 0xc4;
const QUANTIZATION_TABLES = 0xdb;

/** Segments beside frame and scan whose content libjpeg takes without a word. */
export function isPlainSegment(source: Buffer, { marker, start, end }: JpegSegment): boolean {
  if (marker === HUFFMAN_TABLES) return hasWholeTables(source, start, end, huffmanBytes);
  if (marker === QUANTIZATION_TABLES) return hasWholeTables(source, start, end, quantizationBytes);
  if (marker === RESTART_INTERVAL) return end - start === 2;
  return marker === COMMENT || (marker >= APP0 && marker <= APP0 + 15);
}

function hasWholeTables(
  source: Buffer,
  start: number,
  end: number,
  bytesOf: (source: Buffer, at: number) => number,
): boolean {
  let at = start;
  while (at < end) at += bytesOf(source, at);
  return at === end;
}

/** Class and number in one byte, sixteen counts, the values. */
function huffmanBytes(source: Buffer, at: number): number {
  let values = 0;
  for (let length = 1; length <= 16; length += 1) values += source[at + length] ?? 0;
  const isKnown = ((source[at] ?? 0) & 0xec) === 0;
  return isKnown && values <= 256 ? 17 + values : Number.POSITIVE_INFINITY;
}

/** Precision and number in one byte, 64 values of one byte or two. */
function quantizationBytes(source: Buffer, at: number): number {
  const isKnown = ((source[at] ?? 0) & 0xec) === 0;
  return isKnown ? 1 + 64 * (1 + ((source[at] ?? 0) >> 4)) : Number.POSITIVE_INFINITY;
}
