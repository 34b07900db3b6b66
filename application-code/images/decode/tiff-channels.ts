import sharp from 'sharp';
import { PermanentFault } from '../../worker/src/faults';
import type { FailOn } from '../fail-on';
import { TAG, type TiffDirectory } from './tiff-directory';
import { pageOptions, type TiffPage } from './tiff-page';

/** Which channels of a TIFF are its colours and its transparency. */
export interface ChannelChoice {
  readonly photometric: 1 | 2 | 5;
  /** Channels as they are stored. */
  readonly stored: number;
  readonly colours: number;
  /** Among the channels behind the colours; -1 for none. */
  readonly alpha: number;
  /** ExtraSamples of the transparency: 1 for premultiplied, 2 for not. */
  readonly alphaKind: number;
  readonly bytesPerSample: 1 | 2;
}

/** Colour channels by PhotometricInterpretation: white is zero, black is zero, RGB, CMYK. */
const COLOURS: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 5: 4 };
const ASSOCIATED_ALPHA = 1;
const UNASSOCIATED_ALPHA = 2;

/**
 * What is dropped of a page: libvips takes the last channel for transparency, whatever TIFF 6.0
 * says of it in ExtraSamples: a spot colour, a mask or a saved selection.
 * @returns undefined when libvips is right: no channel beyond the colours, or transparency alone.
 * @throws PermanentFault UnsupportedFormat.
 */
export function chooseChannels({ numbers }: TiffDirectory): ChannelChoice | undefined {
  const [photometric = -1] = numbers(TAG.photometric);
  const [stored = 1] = numbers(TAG.samplesPerPixel);
  const colours = COLOURS[photometric] ?? stored;
  const extras = numbers(TAG.extraSamples);
  const alpha = extras.findIndex(
    (kind) => kind === ASSOCIATED_ALPHA || kind === UNASSOCIATED_ALPHA,
  );
  // A fifth ink is an ink; behind other colours most programs take one channel for transparency.
  const isUnsaid = extras.length === 0 && stored === colours + 1 && photometric !== 5;
  if (stored <= colours || isUnsaid || (stored === colours + 1 && alpha === 0)) return undefined;
  const bits = [...new Set(numbers(TAG.bitsPerSample))];
  const isWhole = numbers(TAG.sampleFormat).every((format) => format === 1);
  if (!isWhole || bits.length !== 1 || !(bits[0] === 8 || bits[0] === 16)) {
    throw new PermanentFault(
      'UnsupportedFormat',
      `the content is a TIFF with ${stored} channels of ${bits.join(', ')} bits, where 8 and ` +
        '16 bits are read; flatten it to RGB and upload that',
    );
  }
  return {
    photometric: colours === 1 ? 1 : colours === 3 ? 2 : 5,
    stored,
    colours,
    alpha,
    alphaKind: extras[alpha] ?? UNASSOCIATED_ALPHA,
    bytesPerSample: bits[0] === 8 ? 1 : 2,
  };
}

/** Channels that are left. */
export function keptChannels({ colours, alpha }: ChannelChoice): number {
  return alpha < 0 ? colours : colours + 1;
}

/** The page as a TIFF of its colours and its transparency alone, uncompressed. */
export async function dropChannels(
  source: Buffer,
  choice: ChannelChoice,
  page: TiffPage,
  options: { readonly failOn: FailOn; readonly limitInputPixels: number; readonly seconds: number },
): Promise<Buffer> {
  const { data, info } = await readAll(source, choice, page, options);
  // Grey comes as three equal channels, since sharp would drop what is behind a single one.
  const first = choice.photometric === 1 ? 3 : choice.colours;
  const behind = choice.alpha < 0 ? [] : [first + choice.alpha];
  const kept = [...Array.from({ length: choice.colours }, (_, index) => index), ...behind];
  const pixels = pick(data, info.channels, kept, choice.bytesPerSample);
  return tiffFile(pixels, info, choice, page.directory);
}

function readAll(
  source: Buffer,
  { photometric, bytesPerSample }: ChannelChoice,
  page: TiffPage,
  { failOn, limitInputPixels, seconds }: Parameters<typeof dropChannels>[3],
) {
  const isWide = bytesPerSample === 2;
  const space = photometric === 5 ? 'cmyk' : isWide ? 'rgb16' : 'srgb';
  const input = {
    ...pageOptions(page),
    failOn,
    limitInputPixels,
    limitInputChannels: false,
  } as const;
  const image = sharp(source, { ...input, ignoreIcc: true, sequentialRead: true }).timeout({
    seconds,
  });
  return (photometric === 5 ? image.pipelineColourspace('cmyk') : image)
    .toColourspace(space)
    .raw({ depth: isWide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
}

function pick(data: Buffer, channels: number, kept: readonly number[], bytes: 1 | 2): Buffer {
  const Samples = bytes === 1 ? Uint8Array : Uint16Array;
  const all = new Samples(data.buffer as ArrayBuffer, data.byteOffset, data.length / bytes);
  const picked = new Samples((all.length / channels) * kept.length);
  for (let from = 0, to = 0; from < all.length; from += channels) {
    for (const channel of kept) picked[to++] = all[from + channel] ?? 0;
  }
  return Buffer.from(picked.buffer);
}

/**
 * A little-endian TIFF of one strip, with the orientation, the profile and the XMP of its model.
 */
function tiffFile(
  pixels: Buffer,
  { width, height }: { readonly width: number; readonly height: number },
  choice: ChannelChoice,
  { numbers, bytes }: TiffDirectory,
): Buffer {
  const channels = keptChannels(choice);
  const shorts = (values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);
  const longs = (values: readonly number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const values: [tag: number, type: number, count: number, value: Buffer][] = [
    [TAG.width, 4, 1, longs([width])],
    [TAG.height, 4, 1, longs([height])],
    [TAG.bitsPerSample, 3, channels, shorts(Array(channels).fill(8 * choice.bytesPerSample))],
    [TAG.compression, 3, 1, shorts([1])],
    [TAG.photometric, 3, 1, shorts([choice.photometric])],
    [STRIP_OFFSETS, 4, 1, longs([HEADER_BYTES])],
    [TAG.orientation, 3, 1, shorts([numbers(TAG.orientation)[0] ?? 1])],
    [TAG.samplesPerPixel, 3, 1, shorts([channels])],
    [ROWS_PER_STRIP, 4, 1, longs([height])],
    [STRIP_BYTE_COUNTS, 4, 1, longs([pixels.length])],
    ...(choice.alpha < 0 ? [] : [[TAG.extraSamples, 3, 1, shorts([choice.alphaKind])] as const]),
    ...([TAG.xmp, TAG.iccProfile] as const).map(
      (tag) => [tag, tag === TAG.xmp ? 1 : 7, bytes(tag).length, bytes(tag)] as const,
    ),
  ]
    .filter(([, , count]) => Number(count) > 0)
    .map((entry) => entry as [number, number, number, Buffer]);
  return assemble(pixels, values);
}

const HEADER_BYTES = 8;
const STRIP_OFFSETS = 273;
const ROWS_PER_STRIP = 278;
const STRIP_BYTE_COUNTS = 279;

/** Header, pixels, directory, and behind it the values that take more than four bytes. */
function assemble(pixels: Buffer, values: readonly [number, number, number, Buffer][]): Buffer {
  const start = HEADER_BYTES + pixels.length + (pixels.length % 2);
  const directory = Buffer.alloc(2 + 12 * values.length + 4);
  directory.writeUInt16LE(values.length, 0);
  const behind: Buffer[] = [];
  let end = start + directory.length;
  values.forEach(([tag, type, count, value], index) => {
    const at = 2 + 12 * index;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(count, at + 4);
    if (value.length <= 4) {
      value.copy(directory, at + 8);
      return;
    }
    directory.writeUInt32LE(end, at + 8);
    behind.push(value, Buffer.alloc(value.length % 2));
    end += value.length + (value.length % 2);
  });
  const header = Buffer.from('II*\0\0\0\0\0', 'latin1');
  header.writeUInt32LE(start, 4);
  return Buffer.concat([header, pixels, Buffer.alloc(pixels.length % 2), directory, ...behind]);
}
