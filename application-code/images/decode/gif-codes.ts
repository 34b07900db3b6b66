import { type GifFrame, subBlocks } from './gif-frames';

const MOST_CODES = 4_096;
const COLOURS = 256;

/** A code of the compressed pixels that stands for one colour. */
interface Literal {
  readonly colour: number;
  readonly bit: number;
  readonly width: number;
}

/**
 * A number that no pixel of a frame has, so that it can stand for transparency. Where all 256 are
 * used, the two colours that are most alike become one, in place.
 */
export function unusedColour(source: Buffer, frame: GifFrame): number {
  const codeSize = source[frame.codesAt] ?? 8;
  if (codeSize < 8) return 2 ** codeSize;
  const blocks = [...subBlocks(source, frame.codesAt + 1)];
  const codes = Buffer.concat(blocks);
  const used = new Set<number>();
  for (const { colour } of literals(codes)) {
    used.add(colour);
    if (used.size === COLOURS) break;
  }
  for (let colour = 0; colour < COLOURS; colour += 1) if (!used.has(colour)) return colour;
  return mergeColours(source, frame, codes, blocks);
}

/**
 * Every longer code is made of literals that came before, so that to change these changes every
 * pixel.
 */
function mergeColours(
  source: Buffer,
  frame: GifFrame,
  codes: Buffer,
  blocks: readonly Buffer[],
): number {
  const [kept, freed] = closestColours(
    source.subarray(frame.coloursAt, frame.coloursAt + 3 * COLOURS),
  );
  for (const { colour, bit, width } of literals(codes))
    if (colour === freed) writeBits(codes, bit, width, kept);
  let at = 0;
  for (const block of blocks) at += codes.copy(block, 0, at, at + block.length);
  return freed;
}

function closestColours(table: Buffer): [number, number] {
  let closest = { apart: Number.POSITIVE_INFINITY, pair: [0, 1] as [number, number] };
  for (let a = 0; a < COLOURS; a += 1) {
    for (let b = a + 1; b < COLOURS; b += 1) {
      const channel = (at: number) => ((table[3 * a + at] ?? 0) - (table[3 * b + at] ?? 0)) ** 2;
      const apart = channel(0) + channel(1) + channel(2);
      if (apart < closest.apart) closest = { apart, pair: [a, b] };
    }
  }
  return closest.pair;
}

/**
 * The codes of eight-bit pixels that stand for one colour; their width grows with the table that a
 * decoder makes of them.
 */
function* literals(codes: Buffer): Generator<Literal> {
  const [clear, end] = [COLOURS, COLOURS + 1];
  let [width, known] = [9, end];
  for (let bit = 0; bit + width <= 8 * codes.length; ) {
    const code = readBits(codes, bit, width);
    if (code === end) return;
    if (code < clear) yield { colour: code, bit, width };
    bit += width;
    // The first code after a clear adds nothing to the table.
    known = code === clear ? end : Math.min(known + 1, MOST_CODES);
    if (code === clear) width = 9;
    else if (known === 2 ** width && width < 12) width += 1;
  }
}

function readBits(codes: Buffer, bit: number, width: number): number {
  const at = bit >> 3;
  const bytes = (codes[at] ?? 0) | ((codes[at + 1] ?? 0) << 8) | ((codes[at + 2] ?? 0) << 16);
  return (bytes >> (bit & 7)) & (2 ** width - 1);
}

function writeBits(codes: Buffer, bit: number, width: number, value: number): void {
  for (let offset = 0; offset < width; offset += 1) {
    const [at, mask] = [(bit + offset) >> 3, 1 << ((bit + offset) & 7)];
    codes[at] = (value >> offset) & 1 ? (codes[at] ?? 0) | mask : (codes[at] ?? 0) & ~mask;
  }
}
