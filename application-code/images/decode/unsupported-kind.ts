import type { Format } from '../formats';
import { readJpegFrame } from './jpeg-frame';
import { TAG, type TiffDirectory } from './tiff-directory';
import { chooseTiffPage } from './tiff-page';

/**
 * How TIFFs are compressed that libvips' prebuilt libtiff cannot read, by the number of the tag.
 */
const TIFF_COMPRESSIONS: Readonly<Record<number, string>> = {
  6: 'old-style JPEG',
  9: 'JBIG',
  10: 'JBIG',
  22610: 'JPEG XR',
  32766: 'NeXT',
  32809: 'ThunderScan',
  32908: 'PixarFilm',
  32909: 'PixarLog',
  33003: 'JPEG 2000',
  33004: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34676: 'SGI LogLuv',
  34677: 'SGI LogLuv',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  34926: 'Zstandard',
  34927: 'WebP of a preliminary number',
  34933: 'PNG',
  34934: 'JPEG XR',
  50000: 'Zstandard',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};
const CIE_LAB = [8, 9, 10];
const LOG_LUV = [32_844, 32_845];

/**
 * Why a source that failed could not be read however whole it is: the kind within its format, and
 * nothing when the kind is one that is read, so that the source is damaged. Asked after a failure
 * alone: what libvips reads, it may read.
 */
export function unsupportedKind(format: Format, source: Buffer): string | undefined {
  switch (format) {
    case 'jpeg':
      return jpegKind(source);
    case 'png':
      return source.toString('latin1', 12, 16) === 'CgBI'
        ? 'a PNG that Xcode has changed for iOS (CgBI)'
        : undefined;
    case 'avif':
      return source.toString('latin1', 0, 512).includes('avis') ? 'an AVIF sequence' : undefined;
    case 'tiff':
      return tiffKind(chooseTiffPage(source)?.directory);
    default:
      return undefined;
  }
}

function jpegKind(source: Buffer): string | undefined {
  if (source[3] === 0xf7) return 'a JPEG-LS';
  const { startOfFrame = 0xc0, precision = 8 } = readJpegFrame(source, 0) ?? {};
  if (precision !== 8) return `a JPEG with ${precision} bits a sample`;
  if ([0xc3, 0xc7, 0xcb, 0xcf].includes(startOfFrame)) return 'a lossless JPEG';
  if ([0xc5, 0xc6, 0xcd, 0xce].includes(startOfFrame)) return 'a hierarchical JPEG';
  return startOfFrame > 0xc8 ? 'a JPEG with arithmetic coding' : undefined;
}

function tiffKind(directory: TiffDirectory | undefined): string | undefined {
  if (!directory) return undefined;
  const [compression = 1] = directory.numbers(TAG.compression);
  const [photometric = 0] = directory.numbers(TAG.photometric);
  const bits = [...new Set(directory.numbers(TAG.bitsPerSample))];
  const how = TIFF_COMPRESSIONS[compression];
  if (how) return `a TIFF compressed with ${how}`;
  if (CIE_LAB.includes(photometric)) return `a TIFF in CIELab with ${bits.join(', ')} bits`;
  if (LOG_LUV.includes(photometric)) return 'a TIFF in LogLuv';
  const most = Math.max(0, ...bits);
  return most > 16 ? `a TIFF with ${most} bits a sample` : undefined;
}
