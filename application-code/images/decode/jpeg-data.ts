import { withEnding } from '../memory/source-buffers';
import type { JpegFrame } from './jpeg-frame';

const RESTARTS = [0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7];
const END_OF_IMAGE = 0xd9;
/**
 * libjpeg-turbo reads up to 57 bits ahead: eight more bytes let it do so at the end of whole
 * data, and are used up at once where data are missing.
 */
const AHEAD = Buffer.alloc(8);

/**
 * A JPEG as libjpeg can judge it. An end marker behind missing data is a mere warning to libjpeg,
 * which fills the rest of the picture with grey; missing data without an end marker is an error,
 * and so is a missing end marker behind whole data. Therefore:
 *
 * - One scan: its data end the file, without a marker. libjpeg asks for no marker after the last
 *   row, and reports "premature end" only where rows are missing.
 * - Several scans: libjpeg reads up to the end marker before it decodes, so that there must be one;
 *   data that are missing before it is a warning, for which `strictFailOn` listens.
 *
 * The search for the end takes 0.25 ms a megabyte, a fiftieth of the decode.
 */
export function judgeableJpeg(source: Buffer, { coefficientBytes, dataStart }: JpegFrame): Buffer {
  if (coefficientBytes === 0) return withEnding(source, endOfScan(source, dataStart), AHEAD);
  return hasEnd(source, dataStart)
    ? source
    : withEnding(source, source.length, Buffer.from([0xff, END_OF_IMAGE]));
}

/**
 * Compressed data end at the next marker, or with the source; a zero byte or a restart is part of
 * them.
 */
function endOfScan(source: Buffer, start: number): number {
  for (let at = source.indexOf(0xff, start); at >= 0; at = source.indexOf(0xff, at)) {
    const next = source[at + 1] ?? 0;
    if (next === 0xff) at += 1;
    else if (next === 0 || RESTARTS.includes(next)) at += 2;
    else return at;
  }
  return source.length;
}

function hasEnd(source: Buffer, dataStart: number): boolean {
  for (let at = endOfScan(source, dataStart); at + 2 <= source.length; at = endOfScan(source, at)) {
    if (source[at + 1] === END_OF_IMAGE) return true;
    at += at + 4 <= source.length ? 2 + source.readUInt16BE(at + 2) : 2;
  }
  return false;
}
