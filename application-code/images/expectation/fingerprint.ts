import sharp from 'sharp';

/** A picture made very small: {@link GRID} by {@link GRID} cells, three channels each. */
export type Fingerprint = Uint8Array;

const GRID = 16;
/** Colour of transparent parts: far from black and white, which a lost transparency leaves. */
export const BEHIND = '#808080';

/** Of the first frame. @throws Error when its pixels cannot be decoded. */
export async function fingerprintOf(picture: Buffer): Promise<Fingerprint> {
  return (
    sharp(picture)
      .flatten({ background: BEHIND })
      // A JPEG that is shrunk while it is read moves by part of a cell; other formats do not.
      .resize(GRID, GRID, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer()
  );
}

/** Largest allowed differences, of 255, over all cells and channels. */
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
  actual: Fingerprint,
  expected: Fingerprint,
  allowed: Tolerance,
): string | undefined {
  const apart = Array.from(expected, (value, at) => Math.abs(value - (actual[at] ?? Number.NaN)));
  const average = apart.reduce((sum, value) => sum + value, 0) / apart.length;
  const most = Math.max(...apart);
  if (average <= allowed.average && most <= allowed.most) return undefined;
  const found = `${average.toFixed(0)} of 255 on average and by ${most.toFixed(0)} at most`;
  return `colours are off by ${found}, where ${allowed.average} and ${allowed.most} are allowed`;
}
