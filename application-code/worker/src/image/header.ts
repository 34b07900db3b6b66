import sharp, { type Metadata } from 'sharp';
import { PermanentFault } from '../faults';
import { FORMAT_FACTS, type Format } from './formats';
import { heicUnsupported, sniffFormat } from './sniff';

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
  /** Progressive JPEG or interlaced PNG: its decoder holds the whole picture. */
  readonly progressive: boolean;
  /** Whether a JPEG's colours have half the resolution in both directions. */
  readonly subsampled: boolean;
  readonly hasAlpha: boolean;
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
  const header = toHeader(format, await readMetadata(source));
  if (header.pages > MAX_SOURCE_PAGES) {
    throw new PermanentFault(
      'TooManyPages',
      `the animation has ${header.pages} frames, the limit is ${MAX_SOURCE_PAGES}; shorten it`,
    );
  }
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

function toHeader(format: Format, metadata: Metadata): SourceHeader {
  if (metadata.format === 'heif' && metadata.compression !== 'av1') {
    throw heicUnsupported();
  }
  const { width, height } = metadata;
  const pages = FORMAT_FACTS[format].animates ? (metadata.pages ?? 1) : 1;
  return {
    format,
    width,
    height,
    pages,
    pixels: width * height * pages,
    channels: metadata.channels,
    bytesPerChannel: BYTES_PER_SAMPLE[metadata.depth] ?? 8,
    orientation: metadata.orientation ?? 1,
    progressive: metadata.isProgressive,
    subsampled: metadata.chromaSubsampling?.startsWith('4:2:0') ?? false,
    hasAlpha: metadata.hasAlpha,
    hasProfile: metadata.hasProfile,
  };
}

function sizeOf({ width, height, pages }: SourceHeader): string {
  return pages === 1 ? `${width} × ${height}` : `${width} × ${height} × ${pages} frames`;
}

/** A source that was read completely and cannot be decoded will not be decoded at the next attempt either. */
export function undecodable(cause: unknown): PermanentFault {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new PermanentFault(
    'Undecodable',
    `the picture is damaged or cut short (libvips: ${printable(message)}); upload it again`,
    { cause },
  );
}

/** One line without control characters, short enough for a message attribute. */
function printable(message: string): string {
  return message
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 300);
}
