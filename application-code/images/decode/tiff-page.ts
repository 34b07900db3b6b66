import { PermanentFault } from '../../worker/src/faults';
import { readTiffDirectories, TAG, type TiffDirectory } from './tiff-directory';

/** The page of a TIFF that is the picture, in sharp's terms. */
export interface TiffPage {
  readonly page: number;
  /** Index among the page's sub-directories; -1 for the page itself. */
  readonly subifd: number;
  readonly directory: TiffDirectory;
}

/**
 * Colour filter array and linear raw of DNG:
 * https://helpx.adobe.com/camera-raw/digital-negative.html
 */
const RAW_PHOTOMETRICS = [32_803, 34_892];
/**
 * Raw data of Sony (32767), Epson and others (32769), Nikon (34713), Kodak (65000) and Pentax
 * (65535).
 */
const RAW_COMPRESSIONS = [32_767, 32_769, 34_713, 65_000, 65_535];
/** Pixels: a page whose longer side is at most this may be the thumbnail of a page after it. */
const LARGEST_THUMBNAIL = 512;

/**
 * Chooses the page that is rendered: the first one, unless that is a reduced copy of another.
 * @returns undefined where no page can be read, so that libvips says what is wrong.
 * @throws PermanentFault UnsupportedFormat for what a camera's sensor saw, of which a TIFF reader
 * shows a tiny preview.
 */
export function chooseTiffPage(source: Buffer): TiffPage | undefined {
  const pages = readTiffDirectories(source);
  if (isCanonRaw(source) || pages.some((page) => [page, ...page.subDirectories].some(isRaw))) {
    throw rawPhoto();
  }
  const [first] = pages;
  if (!first) return undefined;
  const index = isReduced(first)
    ? pages.findIndex((page) => !isReduced(page))
    : largerCopy(first, pages);
  const directory = pages[index];
  if (directory) return { page: index, subifd: -1, directory };
  const below = isReduced(first) ? first.subDirectories.findIndex((sub) => !isReduced(sub)) : -1;
  return { page: 0, subifd: below, directory: first.subDirectories[below] ?? first };
}

/** For sharp's constructor. */
export function pageOptions(tiff: TiffPage | undefined) {
  return tiff ? { page: tiff.page, tiff: { subifd: tiff.subifd } } : {};
}

/** The same sentence for the raw formats that have signatures of their own. */
function rawPhoto(kind = ''): PermanentFault {
  return new PermanentFault(
    'UnsupportedFormat',
    `the content is a raw photo${kind && ` (${kind})`}, which needs developing; export it as ` +
      "JPEG or TIFF with the camera's or any raw software, and upload that",
  );
}

/**
 * Canon's CR2 is a TIFF with a mark of its own, and its raw page has no photometric interpretation.
 */
function isCanonRaw(source: Buffer): boolean {
  return source.toString('latin1', 8, 10) === 'CR' && source[10] === 2;
}

function isRaw({ numbers }: TiffDirectory): boolean {
  return (
    numbers(TAG.dngVersion).length > 0 ||
    numbers(TAG.photometric).some((value) => RAW_PHOTOMETRICS.includes(value)) ||
    numbers(TAG.compression).some((value) => RAW_COMPRESSIONS.includes(value))
  );
}

/** A reduced copy or a mask of another page, in the new tag or the old one. */
function isReduced({ numbers }: TiffDirectory): boolean {
  const [bits = 0] = numbers(TAG.newSubfileType);
  const [old = 0] = numbers(TAG.subfileType);
  return (bits & 0b101) !== 0 || old === 2;
}

/** Index of a later page that shows the same at twice the size or more; otherwise 0. */
function largerCopy(first: TiffDirectory, pages: readonly TiffDirectory[]): number {
  const [width, height] = sizeOf(first);
  const isCopy = (page: TiffDirectory) => {
    const [across, down] = sizeOf(page);
    const isLarger = across >= 2 * width && down >= 2 * height;
    // Rounding shifts a side of the small copy by half a pixel.
    return isLarger && Math.abs(across * height - down * width) <= Math.max(across, down);
  };
  return width === 0 || Math.max(width, height) > LARGEST_THUMBNAIL
    ? 0
    : Math.max(
        0,
        pages.findIndex((page) => !isReduced(page) && isCopy(page)),
      );
}

function sizeOf({ numbers }: TiffDirectory): [width: number, height: number] {
  return [numbers(TAG.width)[0] ?? 0, numbers(TAG.height)[0] ?? 0];
}
