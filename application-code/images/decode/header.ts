import sharp from 'sharp';
import { PermanentFault } from '../../worker/src/faults';
import { FORMAT_FACTS, type Format } from '../formats';
import { countFrames } from './frame-count';
import { type JpegFrame, readJpegFrame } from './jpeg-frame';
import { type PictureMetadata, readJpegMetadata } from './jpeg-metadata';
import { undecodable } from './libvips-faults';
import { heicUnsupported, sniffFormat } from './sniff';
import { type ChannelChoice, chooseChannels, keptChannels } from './tiff-channels';
import { chooseTiffPage, pageOptions, type TiffPage } from './tiff-page';

/** Most frames of an animation: each costs bookkeeping, however few pixels it has. */
export const MAX_SOURCE_PAGES = 1_000;

/** What a source says of itself before any pixel is decoded. */
export interface SourceHeader {
  readonly format: Format;
  /** Size of one page in pixels, before its orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** Pages that are rendered: every frame of an animation, otherwise 1. */
  readonly pages: number;
  /** Over these pages. */
  readonly pixels: number;
  readonly channels: number;
  readonly bytesPerChannel: number;
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
  /** Interlaced PNG: its decoder holds the whole picture. */
  readonly interlaced: boolean;
  /** What libjpeg keeps of the whole picture, 0 for most. */
  readonly coefficientBytes: number;
  /** libvips' name of the colours as they are stored, such as `srgb`, `cmyk`, `rgb16`. */
  readonly space: string;
  readonly hasAlpha: boolean;
  readonly hasProfile: boolean;
  /** How a JPEG is stored, where its markers can be followed. */
  readonly jpeg?: JpegFrame | undefined;
  /** Page of a TIFF that is the picture. */
  readonly tiff?: TiffPage | undefined;
  /** Channels of it that are not dropped; undefined for all. */
  readonly channelChoice?: ChannelChoice | undefined;
}

export interface SourceLimits {
  /** Most pixels over all pages. */
  readonly maxSourcePixels: number;
}

/** libvips' band formats and the bytes of a channel's sample in each. */
const BYTES_PER_SAMPLE: Readonly<Record<string, number>> = {
  uchar: 1,
  char: 1,
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  double: 8,
  complex: 8,
  dpcomplex: 16,
};

/**
 * Reads the header and holds it against the limits.
 * @throws PermanentFault EmptySource, UnsupportedFormat, HeicUnsupported, Undecodable, TooManyPages
 *   or TooManyPixels.
 */
export async function readHeader(source: Buffer, limits: SourceLimits): Promise<SourceHeader> {
  const format = sniffFormat(source);
  if (countFrames(format, source, MAX_SOURCE_PAGES) > MAX_SOURCE_PAGES) {
    throw new PermanentFault(
      'TooManyPages',
      `the animation has more than ${MAX_SOURCE_PAGES} frames, which is the limit; shorten it`,
    );
  }
  if (format === 'avif') nameAsAvif(source);
  const tiff = format === 'tiff' ? chooseTiffPage(source) : undefined;
  const metadata = await readMetadata(format, source, tiff);
  const header = toHeader(format, source, metadata, tiff);
  refuseSamples(header, metadata);
  if (header.pixels > limits.maxSourcePixels) {
    throw new PermanentFault(
      'TooManyPixels',
      `the picture has ${sizeOf(header)} = ${header.pixels} pixels, the limit is ` +
        `${limits.maxSourcePixels}; raise MAX_SOURCE_PIXELS or make the picture smaller`,
    );
  }
  return header;
}

const OPEN = { limitInputPixels: false, limitInputChannels: false } as const;

async function readMetadata(
  format: Format,
  source: Buffer,
  tiff?: TiffPage,
): Promise<PictureMetadata> {
  const known = format === 'jpeg' ? readJpegMetadata(source) : undefined;
  if (known) return known;
  try {
    return await sharp(source, { ...OPEN, ...pageOptions(tiff) }).metadata();
  } catch (cause) {
    throw undecodable(cause, format, source);
  }
}

/**
 * libvips knows AVIF by the first of its brands alone, and a sequence has another one there, though
 * its first picture can be read. Said in place: the picture's own bytes stay as they are.
 */
function nameAsAvif(source: Buffer): void {
  source.write('avif', 8, 'latin1');
}

function toHeader(
  format: Format,
  source: Buffer,
  metadata: PictureMetadata,
  tiff?: TiffPage,
): SourceHeader {
  if (metadata.format === 'heif' && metadata.compression !== 'av1') {
    throw heicUnsupported();
  }
  const { width, height } = metadata;
  const pages = FORMAT_FACTS[format].animates ? (metadata.pages ?? 1) : 1;
  const jpeg = format === 'jpeg' ? readJpegFrame(source, width * height) : undefined;
  const channelChoice = tiff && chooseChannels(tiff.directory);
  return {
    format,
    width,
    height,
    pages,
    pixels: width * height * pages,
    channels: channelChoice ? keptChannels(channelChoice) : metadata.channels,
    bytesPerChannel: BYTES_PER_SAMPLE[metadata.depth] ?? 8,
    orientation: metadata.orientation ?? 1,
    interlaced: metadata.isProgressive,
    coefficientBytes: format === 'jpeg' ? coefficientBytes(jpeg, metadata) : 0,
    space: metadata.space,
    hasAlpha: channelChoice ? channelChoice.alpha >= 0 : metadata.hasAlpha,
    hasProfile: metadata.hasProfile,
    jpeg,
    tiff,
    channelChoice,
  };
}

/**
 * Whole numbers of 32 bits and grey of any real numbers have no white that a file would tell, and
 * libvips cuts off what is above 255. Real RGB is linear light by convention, with white at 1.
 * @throws PermanentFault UnsupportedFormat.
 */
function refuseSamples({ space }: SourceHeader, { depth }: PictureMetadata): void {
  if (
    ['uchar', 'char', 'ushort', 'short'].includes(depth) ||
    (depth === 'float' && space === 'scrgb')
  ) {
    return;
  }
  throw new PermanentFault(
    'UnsupportedFormat',
    `the content is a TIFF with ${depth} samples, for which no white is defined; save it ` +
      'with 8 or 16 bits a channel and upload that, since uploading it again cannot help',
  );
}

/** The worst where the markers cannot be followed: every coefficient of every channel. */
function coefficientBytes(
  jpeg: JpegFrame | undefined,
  { width, height, channels }: PictureMetadata,
): number {
  return jpeg?.coefficientBytes ?? 2 * width * height * channels;
}

function sizeOf({ width, height, pages }: SourceHeader): string {
  return pages === 1 ? `${width} × ${height}` : `${width} × ${height} × ${pages} frames`;
}
