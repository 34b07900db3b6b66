import type { Format } from './formats';

/**
 * Counts the frames of a GIF or an animated WebP, but no further than `most + 1`. libvips makes a record of every frame
 * when it opens a file, so that a few hundred megabytes of empty frames would take gigabytes before it tells their number.
 */
export function countFrames(format: Format, source: Buffer, most: number): number {
  switch (format) {
    case 'gif':
      return countGifFrames(source, most);
    case 'webp':
      return countWebpFrames(source, most);
    default:
      return 1;
  }
}

function countGifFrames(source: Buffer, most: number): number {
  let at = 13 + colourTableBytes(source[10] ?? 0);
  let frames = 0;
  while (at < source.length && frames <= most) {
    const block = source[at];
    if (block === 0x21) {
      at = afterSubBlocks(source, at + 2);
    } else if (block === 0x2c) {
      frames += 1;
      at = afterSubBlocks(source, at + 11 + colourTableBytes(source[at + 9] ?? 0));
    } else {
      break;
    }
  }
  return frames;
}

function colourTableBytes(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

/** Sub-blocks are a length and so many bytes; a length of zero ends them. */
function afterSubBlocks(source: Buffer, start: number): number {
  let at = start;
  for (let length = source[at] ?? 0; length > 0; length = source[at] ?? 0) {
    at += 1 + length;
  }
  return at + 1;
}

function countWebpFrames(source: Buffer, most: number): number {
  let frames = 0;
  for (let at = 12; at + 8 <= source.length && frames <= most; ) {
    frames += source.toString('latin1', at, at + 4) === 'ANMF' ? 1 : 0;
    const bytes = source.readUInt32LE(at + 4);
    at += 8 + bytes + (bytes % 2);
  }
  return Math.max(1, frames);
}
