/** Marker of a JPEG's quantisation tables. */
const TABLES = Buffer.from([0xff, 0xdb]);
/** From the marker to the table's first number: two bytes of length, one with its name. */
const FIRST_NUMBER = 5;

/** How coarsely a JPEG is quantised: 6 at libjpeg's quality 80, 40 at 20. */
export function coarsenessOf(jpeg: Buffer): number {
  const at = jpeg.indexOf(TABLES);
  const coarseness = jpeg[at + FIRST_NUMBER];
  if (at < 0 || coarseness === undefined) throw new Error('This is no JPEG.');
  return coarseness;
}
