import sharp from 'sharp';
import { removePhotoshopPreviews, unlinkExifPreview } from '../decode/stale-previews';
import { pageOptions, type TiffPage } from '../decode/tiff-page';
import { type Copyright, readCopyright } from './copyright';
import { truthfulXmp } from './xmp';

/** What a rendition must do with metadata that it keeps. */
export interface KeptMetadata {
  /** XMP instead of the source's. */
  readonly xmp?: string;
  /**
   * The source's EXIF block holds a preview that cannot be taken out, so that the block is dropped.
   */
  readonly dropsExif: boolean;
  /** What says who made the picture. */
  readonly copyright: Copyright;
  /** The source's profile is of red, green and blue. */
  readonly hasRgbProfile: boolean;
}

/** Where the header of an ICC profile says what its colours are made of. */
const PROFILE_SPACE = [16, 20] as const;

/** What is too large has been refused by then. */
const OPEN = { limitInputPixels: false, limitInputChannels: false } as const;

/**
 * Reads the metadata of a source that can be decoded, and takes stale previews out of it, in place.
 */
export async function readKeptMetadata(source: Buffer, page?: TiffPage): Promise<KeptMetadata> {
  const metadata = await sharp(source, { ...OPEN, ...pageOptions(page) }).metadata();
  const { exif, xmp, icc, iptc, tifftagPhotoshop } = metadata;
  for (const resources of [iptc, tifftagPhotoshop])
    if (resources) removePhotoshopPreviews(source, resources);
  const corrected = xmp && truthfulXmp(xmp);
  return {
    copyright: readCopyright(exif, xmp),
    dropsExif: exif !== undefined && !unlinkExifPreview(source, exif),
    hasRgbProfile: icc?.toString('latin1', ...PROFILE_SPACE) === 'RGB ',
    ...(corrected === undefined ? {} : { xmp: corrected }),
  };
}
