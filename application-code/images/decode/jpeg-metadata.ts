import type { Metadata } from 'sharp';
import { exifOrientation } from './exif-orientation';
import { isProgressive, type JpegSegment, jpegSegments, START_OF_SCAN } from './jpeg-frame';
import { isPlainSegment } from './jpeg-tables';

/** What is asked of sharp's metadata. */
export type PictureMetadata = Pick<
  Metadata,
  | 'format'
  | 'width'
  | 'height'
  | 'channels'
  | 'depth'
  | 'space'
  | 'hasAlpha'
  | 'hasProfile'
  | 'isProgressive'
  | 'orientation'
  | 'pages'
  | 'compression'
>;

const APP0 = 0xe0;
/** Baseline, extended and progressive, with Huffman codes. */
const FRAMES = [0xc0, 0xc1, 0xc2];
/** libjpeg's JPEG_MAX_DIMENSION. */
const MAX_SIDE = 65_500;
const EXIF = 'Exif\0\0';
const ICC_PROFILE = 'ICC_PROFILE\0';

type KeptFacts = Pick<PictureMetadata, 'orientation' | 'hasProfile'>;
type Frame = Pick<PictureMetadata, 'width' | 'height' | 'channels'> & {
  readonly ids: readonly number[];
  readonly marker: number;
};

/**
 * What sharp's metadata says of a JPEG, for a tenth of the time: a call of sharp's waits for a
 * thread and has libexif read every tag. Only what is stored as cameras and programs do it is read:
 * grey or three colours of 8 bits, segments one behind the other, tables that are whole.
 * @returns undefined for any other, damaged ones included, so that libvips has the word.
 */
export function readJpegMetadata(source: Buffer): PictureMetadata | undefined {
  let frame: Frame | undefined;
  let next = 2;
  const others: JpegSegment[] = [];
  for (const segment of jpegSegments(source)) {
    if (segment.start !== next + 4 || segment.end > source.length) return undefined;
    next = segment.end;
    if (segment.marker === START_OF_SCAN)
      return frame && toMetadata(source, frame, segment, others);
    if (FRAMES.includes(segment.marker)) {
      const second = frame;
      frame = readFrame(source, segment);
      if (second || !frame) return undefined;
    } else if (isPlainSegment(source, segment)) others.push(segment);
    else return undefined;
  }
  return undefined;
}

function toMetadata(
  source: Buffer,
  { width, height, channels, ids, marker }: Frame,
  scan: JpegSegment,
  others: readonly JpegSegment[],
): PictureMetadata | undefined {
  const scanned = scannedComponents(source, scan, ids);
  const kept = readKept(source, others);
  if (!scanned || !kept) return undefined;
  const size = { width, height, channels, space: channels === 1 ? 'b-w' : 'srgb' } as const;
  const hasScans = isProgressive(marker) || scanned < channels;
  return {
    format: 'jpeg',
    depth: 'uchar',
    hasAlpha: false,
    ...size,
    ...kept,
    isProgressive: hasScans,
  };
}

/**
 * Precision, height, width, the number of components; for each its id, sampling factors and table.
 */
function readFrame(source: Buffer, { marker, start, end }: JpegSegment): Frame | undefined {
  const channels = source[start + 5];
  if (source[start] !== 8 || (channels !== 1 && channels !== 3) || end !== start + 6 + 3 * channels)
    return undefined;
  const [height, width] = [source.readUInt16BE(start + 1), source.readUInt16BE(start + 3)];
  if (Math.min(height, width) < 1 || Math.max(height, width) > MAX_SIDE) return undefined;
  const ids = new Set<number>();
  for (let at = start + 6; at < end; at += 3) {
    const [id = 0, sampling = 0, table = 0] = source.subarray(at, end);
    if (!isFactor(sampling >> 4) || !isFactor(sampling & 15) || table > 3) return undefined;
    ids.add(id);
  }
  return ids.size === channels ? { width, height, channels, ids: [...ids], marker } : undefined;
}

const isFactor = (sampling: number) => sampling >= 1 && sampling <= 4;

/**
 * How many components the first scan holds; undefined where they are not those of the frame, in
 * order.
 */
function scannedComponents(
  source: Buffer,
  { start, end }: JpegSegment,
  ids: readonly number[],
): number | undefined {
  const count = source[start] ?? 0;
  if (count < 1 || end !== start + 4 + 2 * count) return undefined;
  let found = -1;
  for (let at = start + 1; at < end - 3; at += 2) {
    const next = ids.indexOf(source[at] ?? -1);
    if (next <= found) return undefined;
    found = next;
  }
  return count;
}

function readKept(source: Buffer, segments: readonly JpegSegment[]): KeptFacts | undefined {
  const contents = (marker: number, name: string) =>
    segments
      .filter((segment) => segment.marker === marker)
      .map(({ start, end }) => source.subarray(start, end))
      .filter((content) => content.toString('latin1', 0, 4) === name.slice(0, 4));
  const exifs = contents(APP0 + 1, EXIF);
  const orientation = exifs[0] ? orientationIn(exifs[0]) : 1;
  const profile = hasProfile(contents(APP0 + 2, ICC_PROFILE));
  if (exifs.length > 1 || orientation === undefined || profile === undefined) return undefined;
  return { orientation, hasProfile: profile };
}

function orientationIn(segment: Buffer): number | undefined {
  const isNamed = segment.toString('latin1', 0, EXIF.length) === EXIF;
  return isNamed ? exifOrientation(segment.subarray(EXIF.length)) : undefined;
}

/**
 * A profile comes in parts, each with its number and how many there are; undefined unless all are
 * there.
 */
function hasProfile(parts: readonly Buffer[]): boolean | undefined {
  const name = ICC_PROFILE.length;
  const areAll = parts.every(
    (part, index) =>
      part.toString('latin1', 0, name) === ICC_PROFILE &&
      part[name] === index + 1 &&
      part[name + 1] === parts.length &&
      part.length > name + 2,
  );
  return areAll ? parts.length > 0 : undefined;
}
