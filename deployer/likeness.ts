import sharp from 'sharp';

/** A picture seen from afar: {@link GRID} by {@link GRID} cells, three channels each. */
export type Likeness = Uint8Array;

const GRID = 16;
/**
 * Where a picture is transparent; far from black and from white, into which a lost transparency
 * turns.
 */
const BEHIND = '#808080';

/** The first frame. */
export async function likenessOf(picture: Buffer): Promise<Likeness> {
  return sharp(picture)
    .flatten({ background: BEHIND })
    .resize(GRID, GRID, { fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
}

/** How far a picture may be off, of 255, over all cells and channels. */
export interface Tolerance {
  readonly average: number;
  readonly most: number;
}

/**
 * Another quality, encoder or version of libvips stays below these; a black, swapped or shifted
 * picture does not.
 */
export const CLOSE: Tolerance = { average: 8, most: 60 };
/**
 * For few colours or few pixels, which every encoder chooses its own way; a black or an empty
 * picture is still found.
 */
export const ROUGH: Tolerance = { average: 32, most: 255 };

/** @returns how two pictures differ, as the end of a sentence; undefined when they are alike. */
export function difference(
  found: Likeness,
  expected: Likeness,
  allowed: Tolerance,
): string | undefined {
  const apart = Array.from(expected, (value, at) => Math.abs(value - (found[at] ?? Number.NaN)));
  const average = apart.reduce((sum, value) => sum + value, 0) / apart.length;
  const most = Math.max(...apart);
  if (average <= allowed.average && most <= allowed.most) return undefined;
  return `colours are off by ${average.toFixed(0)} of 255 on average and by ${most.toFixed(0)} at most, where ${allowed.average} and ${allowed.most} are allowed`;
}
