/**
 * One frame of a GIF, by the places of its parts: https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
export interface GifFrame {
  /** Where the frame lies on the canvas, in pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** What becomes of it before the next one; 2: its place is cleared. */
  readonly disposal: number;
  readonly isTransparent: boolean;
  /** Where the packed field of its graphic control extension is; undefined when it has none. */
  readonly controlAt: number | undefined;
  /** Where its image descriptor begins. */
  readonly at: number;
  /** Where its own colour table is, or that of all frames. */
  readonly coloursAt: number;
  /** Where its pixels begin, with the size of their codes. */
  readonly codesAt: number;
}

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const GRAPHIC_CONTROL = 0xf9;

/** Every frame up to the end, or up to the first thing that is no frame. */
export function* gifFrames(source: Buffer): Generator<GifFrame> {
  let at = 13 + colourTableBytes(source[10] ?? 0);
  let controlAt: number | undefined;
  while (at + 10 < source.length) {
    if (source[at] === EXTENSION) {
      if (source[at + 1] === GRAPHIC_CONTROL) controlAt = at + 3;
      at = afterSubBlocks(source, at + 2);
    } else if (source[at] === IMAGE) {
      const frame = frameAt(source, at, controlAt);
      yield frame;
      controlAt = undefined;
      at = afterSubBlocks(source, frame.codesAt + 1);
    } else {
      return;
    }
  }
}

function frameAt(source: Buffer, at: number, controlAt: number | undefined): GifFrame {
  const control = controlAt === undefined ? 0 : (source[controlAt] ?? 0);
  const ownColours = colourTableBytes(source[at + 9] ?? 0);
  return {
    left: source.readUInt16LE(at + 1),
    top: source.readUInt16LE(at + 3),
    width: source.readUInt16LE(at + 5),
    height: source.readUInt16LE(at + 7),
    disposal: (control >> 2) & 7,
    isTransparent: (control & 1) === 1,
    controlAt,
    at,
    coloursAt: ownColours > 0 ? at + 10 : 13,
    codesAt: at + 10 + ownColours,
  };
}

function colourTableBytes(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

/** A sub-block is a length and that number of bytes; a length of zero ends them. */
export function* subBlocks(source: Buffer, start: number): Generator<Buffer> {
  for (let at = start; at < source.length && source[at] !== 0; at += 1 + (source[at] ?? 0))
    yield source.subarray(at + 1, at + 1 + (source[at] ?? 0));
}

function afterSubBlocks(source: Buffer, start: number): number {
  let at = start;
  for (let length = source[at] ?? 0; length > 0; length = source[at] ?? 0) at += 1 + length;
  return at + 1;
}
