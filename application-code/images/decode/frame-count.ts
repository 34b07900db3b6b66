import type { Format } from '../formats';
import { gifFrames } from './gif-frames';

/**
 * Counts the frames of a GIF or an animated WebP, but no further than `most + 1`. libvips makes a
 * record of every frame when it opens a file, so that a few hundred megabytes of empty frames would
 * take gigabytes before it tells their number.
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
  let frames = 0;
  for (const _frame of gifFrames(source)) {
    frames += 1;
    if (frames > most) break;
  }
  return frames;
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
