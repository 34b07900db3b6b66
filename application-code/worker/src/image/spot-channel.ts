const PHOTOMETRIC = 262;
const SAMPLES_PER_PIXEL = 277;
const EXTRA_SAMPLES = 338;
/** PhotometricInterpretation of inks. */
const SEPARATED = 5;

/**
 * Whether the first channel of a TIFF beyond its colours is something else than transparency: a spot colour, a mask.
 * libvips takes any such channel for transparency. A TIFF says what it is by ExtraSamples, 0 for no transparency:
 * https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf, page 31. Where it says nothing, a channel beyond
 * the four inks is an ink, and any other one is transparency, as most programs take it.
 */
export function hasSpotChannel(source: Buffer): boolean {
  const tags = firstValues(source);
  const extra = tags.get(EXTRA_SAMPLES);
  if (extra !== undefined) return extra === 0;
  return tags.get(PHOTOMETRIC) === SEPARATED && (tags.get(SAMPLES_PER_PIXEL) ?? 0) > 4;
}

/** The first value of each SHORT of the first directory; what is cut or damaged is left out. */
function firstValues(source: Buffer): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  if (source.length < 16) return values;
  const isLittle = source.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (isLittle ? source.readUInt16LE(at) : source.readUInt16BE(at));
  const long = (at: number) => (isLittle ? source.readUInt32LE(at) : source.readUInt32BE(at));
  const far = (at: number) => Number(isLittle ? source.readBigUInt64LE(at) : source.readBigUInt64BE(at));
  const isBig = short(2) === 43;
  const directory = isBig ? far(8) : long(4);
  const [countBytes, entryBytes] = isBig ? [8, 20] : [2, 12];
  if (directory + countBytes > source.length) return values;
  const count = isBig ? far(directory) : short(directory);
  for (let index = 0; index < count; index += 1) {
    const entry = directory + countBytes + index * entryBytes;
    if (entry + entryBytes > source.length) break;
    const isInline = isBig ? far(entry + 4) <= 4 : long(entry + 4) <= 2;
    const valueAt = entry + (isBig ? 12 : 8);
    const at = isInline ? valueAt : isBig ? far(valueAt) : long(valueAt);
    if (at + 2 <= source.length) values.set(short(entry), short(at));
  }
  return values;
}
