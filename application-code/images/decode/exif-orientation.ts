const ORIENTATION = 0x0112;
/** Pointers to EXIF, GPS and interoperability: what libexif meets there can end its reading. */
const POINTERS = [0x8769, 0x8825, 0xa005];
const SHORT = 3;
const ENTRY_BYTES = 12;

/**
 * Orientation in an EXIF block, which begins with its TIFF header; 1 where it says nothing of it.
 * @returns undefined for a block that readers may disagree about.
 */
export function exifOrientation(block: Buffer): number | undefined {
  const order = block.toString('latin1', 0, 4);
  if (block.length < 8 || (order !== 'II*\0' && order !== 'MM\0*')) return undefined;
  const isLittle = order === 'II*\0';
  const short = (at: number) => (isLittle ? block.readUInt16LE(at) : block.readUInt16BE(at));
  const long = (at: number) => (isLittle ? block.readUInt32LE(at) : block.readUInt32BE(at));
  const first = long(4) + 2;
  if (first < 10 || first > block.length) return undefined;
  const end = first + short(first - 2) * ENTRY_BYTES;
  if (end > block.length) return undefined;
  let orientation: number | undefined;
  let hasPointer = false;
  for (let at = first; at < end; at += ENTRY_BYTES) {
    const tag = short(at);
    if (POINTERS.includes(tag)) hasPointer = true;
    if (tag !== ORIENTATION) continue;
    const isPlain = short(at + 2) === SHORT && long(at + 4) === 1 && !hasPointer;
    if (!isPlain || orientation !== undefined) return undefined;
    orientation = short(at + 8);
  }
  return orientation === undefined || (orientation >= 1 && orientation <= 8)
    ? (orientation ?? 1)
    : undefined;
}
