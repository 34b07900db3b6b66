import { PermanentFault } from '../../worker/src/faults';
import type { Format } from '../formats';
import { describeUnsupported } from './known-kinds';

/** First bytes of the formats that are told by them alone. */
const SIGNATURES: readonly (readonly [Format, string])[] = [
  ['jpeg', '\xff\xd8\xff'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['gif', 'GIF87a'],
  ['gif', 'GIF89a'],
  ['tiff', 'II*\0'],
  ['tiff', 'MM\0*'],
  ['tiff', 'II+\0'],
  ['tiff', 'MM\0+'],
];
/** Brands of ISO/IEC 23008-12 files (HEIF) whose pictures are HEVC, or not said to be AV1. */
const HEIC_BRANDS = [
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'hevm',
  'hevs',
  'mif1',
  'msf1',
];
const AVIF_BRANDS = ['avif', 'avis'];
const LONGEST_FTYP = 512;

/**
 * Tells a source's format by its content; names and content types are not asked.
 * @throws PermanentFault EmptySource, HeicUnsupported or UnsupportedFormat.
 */
export function sniffFormat(source: Buffer): Format {
  if (source.length === 0) {
    throw new PermanentFault(
      'EmptySource',
      'The source object has 0 bytes; upload the file again.',
    );
  }
  const start = source.toString('latin1', 0, LONGEST_FTYP);
  const signed = SIGNATURES.find(([, signature]) => start.startsWith(signature));
  if (signed) {
    return signed[0];
  }
  if (start.startsWith('RIFF') && start.startsWith('WEBP', 8)) {
    return 'webp';
  }
  return sniffHeif(source, start);
}

function sniffHeif(source: Buffer, start: string): Format {
  const brands = start.startsWith('ftyp', 4) ? ftypBrands(start, source.readUInt32BE(0)) : [];
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) {
    return 'avif';
  }
  if (brands.some((brand) => HEIC_BRANDS.includes(brand))) {
    throw heicUnsupported();
  }
  throw new PermanentFault(
    'UnsupportedFormat',
    `the content is ${describeUnsupported(start)} (the name of the file is not looked at)`,
  );
}

/** Major and compatible brands of the file type box. */
function ftypBrands(start: string, boxBytes: number): string[] {
  const box = start.slice(8, Math.min(boxBytes, LONGEST_FTYP));
  return box.match(/.{4}/gs) ?? [];
}

export function heicUnsupported(): PermanentFault {
  return new PermanentFault(
    'HeicUnsupported',
    'the content is HEIC (HEVC), which needs a licensed decoder; set the camera to "Most ' +
      'Compatible" or convert the picture to JPEG or AVIF, and upload it again',
  );
}
