/** Marker of a JPEG's quantisation tables. */
const TABLES = Buffer.from([0xff, 0xdb]);
/**
 * From the marker to the first number of the first table: two bytes of length, one that names the
 * table.
 */
const FIRST_NUMBER = 5;

/**
 * How coarsely a JPEG is quantised at its lowest frequency: 6 at libjpeg's quality 80, 40 at 20. It
 * tells renditions of two revisions apart, whatever they show.
 */
export function coarsenessOf(jpeg: Buffer): number {
  const at = jpeg.indexOf(TABLES);
  const coarseness = jpeg[at + FIRST_NUMBER];
  if (at < 0 || coarseness === undefined) throw new Error('This is no JPEG.');
  return coarseness;
}
