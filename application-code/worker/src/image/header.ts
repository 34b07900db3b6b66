import sharp, { type Metadata } from 'sharp';
import { PermanentFault } from '../faults';
import { FORMAT_FACTS, type Format } from './formats';
import { countFrames } from './frame-count';
import { readJpegFrame } from './jpeg-frame';
import { heicUnsupported, sniffFormat } from './sniff';
import { hasSpotChannel } from './spot-channel';
import { undecodable } from './undecodable';

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
  /** A TIFF whose first channel beyond its colours is no transparency. */
  readonly hasSpotChannel: boolean;
  readonly hasProfile: boolean;
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
 * @throws PermanentFault EmptySource, UnsupportedFormat, HeicUnsupported, Undecodable, TooManyPages or TooManyPixels.
 */
export async function readHeader(source: Buffer, limits: SourceLimits): Promise<SourceHeader> {
  const format = sniffFormat(source);
  if (countFrames(format, source, MAX_SOURCE_PAGES) > MAX_SOURCE_PAGES) {
    throw new PermanentFault(
      'TooManyPages',
      `the animation has more than ${MAX_SOURCE_PAGES} frames, which is the limit; shorten it`,
    );
  }
  const header = toHeader(format, source, await readMetadata(source));
  if (header.pixels > limits.maxSourcePixels) {
    throw new PermanentFault(
      'TooManyPixels',
      `the picture has ${sizeOf(header)} = ${header.pixels} pixels, the limit is ${limits.maxSourcePixels}; raise MAX_SOURCE_PIXELS or make the picture smaller`,
    );
  }
  return header;
}

async function readMetadata(source: Buffer): Promise<Metadata> {
  try {
    return await sharp(source, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw undecodable(cause);
  }
}

function toHeader(format: Format, source: Buffer, metadata: Metadata): SourceHeader {
  if (metadata.format === 'heif' && metadata.compression !== 'av1') {
    throw heicUnsupported();
  }
  const { width, height } = metadata;
  const pages = FORMAT_FACTS[format].animates ? (metadata.pages ?? 1) : 1;
  const spot = format === 'tiff' && metadata.hasAlpha && hasSpotChannel(source);
  return {
    format,
    width,
    height,
    pages,
    pixels: width * height * pages,
    channels: metadata.channels,
    bytesPerChannel: BYTES_PER_SAMPLE[metadata.depth] ?? 8,
    orientation: metadata.orientation ?? 1,
    interlaced: metadata.isProgressive,
    coefficientBytes: format === 'jpeg' ? coefficientBytes(source, metadata) : 0,
    space: metadata.space,
    hasAlpha: metadata.hasAlpha && !spot,
    hasSpotChannel: spot,
    hasProfile: metadata.hasProfile,
  };
}

/** The worst where the markers cannot be followed: every coefficient of every channel. */
function coefficientBytes(source: Buffer, { width, height, channels }: Metadata): number {
  const worst = 2 * width * height * channels;
  return readJpegFrame(source, width * height)?.coefficientBytes ?? worst;
}

function sizeOf({ width, height, pages }: SourceHeader): string {
  return pages === 1 ? `${width} × ${height}` : `${width} × ${height} × ${pages} frames`;
}
