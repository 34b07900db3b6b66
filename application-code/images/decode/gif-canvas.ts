import { unusedColour } from './gif-codes';
import { type GifFrame, gifFrames } from './gif-frames';

type Place = Pick<GifFrame, 'left' | 'top' | 'width' | 'height'>;

/** Ten hundredths of a second: what libvips takes for a frame that says nothing. */
const DEFAULT_DELAY = 10;

/**
 * libvips shows black, or the background colour, where no frame of a GIF has drawn, unless a frame
 * names a transparent colour (https://github.com/libvips/libvips/issues/1632). Every browser shows
 * nothing there. So each frame that leaves a part of the canvas open names one: a number that none
 * of its pixels has.
 * @param most frames that are looked at; a GIF that has more stays as it is.
 * @returns the source, changed in place, or a copy with longer frames.
 */
export function openGifCanvas(source: Buffer, most: number): Buffer {
  if (source.toString('latin1', 0, 4) !== 'GIF8' || source.length < 13) return source;
  const frames: GifFrame[] = [];
  for (const frame of gifFrames(source)) if (frames.push(frame) > most) return source;
  const canvas = { left: 0, top: 0, width: source.readUInt16LE(6), height: source.readUInt16LE(8) };
  const open = frames.filter((frame, index) =>
    leavesOpen(frame, frames[index + 1], index === 0, canvas),
  );
  const pieces: Buffer[] = [];
  let copied = 0;
  for (const frame of open) {
    const colour = unusedColour(source, frame);
    if (frame.controlAt === undefined) {
      pieces.push(source.subarray(copied, frame.at), graphicControl(colour));
      copied = frame.at;
    } else {
      source[frame.controlAt] = (source[frame.controlAt] ?? 0) | 1;
      source[frame.controlAt + 3] = colour;
    }
  }
  return pieces.length === 0 ? source : Buffer.concat([...pieces, source.subarray(copied)]);
}

/**
 * A first frame that is smaller than the canvas, and one that is cleared where the next one does
 * not draw.
 */
function leavesOpen(
  frame: GifFrame,
  next: GifFrame | undefined,
  isFirst: boolean,
  canvas: Place,
): boolean {
  if (frame.isTransparent) return false;
  const clears = frame.disposal === 2 && next !== undefined && !covers(next, frame);
  return clears || (isFirst && !covers(frame, canvas));
}

function covers(upper: Place, lower: Place): boolean {
  return (
    upper.left <= lower.left &&
    upper.top <= lower.top &&
    upper.left + upper.width >= lower.left + lower.width &&
    upper.top + upper.height >= lower.top + lower.height
  );
}

function graphicControl(transparentColour: number): Buffer {
  return Buffer.from([0x21, 0xf9, 4, 1, DEFAULT_DELAY, 0, transparentColour, 0]);
}
