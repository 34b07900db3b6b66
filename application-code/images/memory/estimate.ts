import type { SourceHeader } from '../decode/header';
import type { RenditionSpec } from '../recipe';
import { area, type Master, type MasterPass, type Pass, plannedOf } from '../render/passes';
import type { PlannedRendition } from '../render/plan';
import { resampledSize } from '../render/resample';

export const MIB = 1024 * 1024;

/**
 * Kept for Node with the SDK and sharp (75 MiB measured), for dead buffers (16), for what the
 * allocator keeps (16) and for small change.
 *
 * It counts on an allocator that returns what is freed, as `allocator.ts` makes glibc do: 40
 * sources of 2 to 64 MB that need up to 360 MiB each, 16 jobs at a time, with a limit of 512 MiB,
 * take 399 MiB with it and 454 to 656 without.
 */
export const RESERVED_MIB = 128;

/** What a pipeline takes for itself, whatever the picture. */
const PIPELINE_BYTES = 8 * MIB;
/** Rows of the source that caches and the reducing filters hold, however it is resized. */
const STREAMED_ROWS = 2_500;
/**
 * Bytes for each decoded byte of a source with fewer rows than that: it is held in 8 bits and,
 * meanwhile, wider.
 */
const MOST_STREAMED = 3.2;

/**
 * Bytes that a job takes at most beyond its source's own, from what the header says.
 *
 * Measured with sharp 0.35.5 (libvips 8.18.7) on one thread as VmHWM less VmRSS before, the
 * source's buffer being there already; MP are megapixels, 224 means a rendition of 224 pixels, 1:1
 * one without resize.
 *
 * | source → rendition                           | MP  | MiB             | counted as          |
 * |----------------------------------------------|-----|-----------------|---------------------|
 * | baseline JPEG → 224, upright or turned       | 100 | 7               | streamed rows       |
 * | progressive JPEG 4:2:0 → 224                 | 100 | 293             | 3 a pixel           |
 * | progressive JPEG 4:4:4 → 224                 | 100 | 579             | 6 a pixel           |
 * | progressive JPEG CMYK → 224                  | 100 | 774             | 8 a pixel           |
 * | progressive JPEG grey → 224                  | 100 | 194             | 2 a pixel           |
 * | PNG, TIFF in strips or tiles → 224           | 100 | 50              | streamed rows       |
 * | PNG 30,000 / 60,000 / 120,000 → 20,000 wide  | 100 | 155 / 286 / 523 | streamed rows       |
 * | PNG 500,000 × 200 → 60,000                   | 100 | 888             | 3.2 × decoded       |
 * | interlaced PNG → 224                         | 100 | 317             | decoded             |
 * | interlaced PNG, 16 bits, alpha → 224         | 25  | 236             | decoded             |
 * | TIFF with one strip, deflated → 224          | 36  | 57              | decoded             |
 * | TIFF of RGB and two channels, one kept → 224 | 25  | 320             | decoded, and kept   |
 * | TIFF of grey and two channels → 224          | 25  | 234             | decoded, and kept   |
 * | WebP lossless → 224                          | 50  | 192             | 4 a pixel           |
 * | WebP animation, 50 frames → 224              | 50  | 226             | 5 a pixel of frames |
 * | AVIF 4:2:0 / 4:4:4 → 224                     | 25  | 380 / 453       | 20 a pixel          |
 * | GIF → 224                                    | 25  | 119             | 5 a pixel of one    |
 * | GIF, 50 frames → 500 × 300, cropped          | 50  | 70              | and the crop        |
 * | JPEG with orientation 6, 1:1                 | 25  | 225             | and a copy          |
 * | noise → JPEG 4:2:0 / 4:4:4 / mozjpeg, 1:1    | 16  | 113 / 227 / 455 | see ENCODER         |
 * | noise → PNG / interlaced with alpha, 1:1     | 16  | 56 / 132        |                     |
 * | noise → WebP effort 0 / alpha / lossless     | 16  | 92 / 212 / 433  |                     |
 * | noise → WebP effort 4 to 6 / alpha, 1:1      | 16  | 291 / 532       |                     |
 * | noise → AVIF / with alpha / lossless, 1:1    | 16  | 576 / 748 / 890 |                     |
 * | noise → TIFF uncompressed with alpha, 1:1    | 16  | 81              |                     |
 * | noise → GIF, 1:1                             | 16  | 224             |                     |
 * | JPEG or PNG → 224, trimmed                   | 16  | 53              | and decoded         |
 * | PNG, 16 bits → 224, trimmed                  | 16  | 104             | and decoded         |
 * | WebP → 224, trimmed / with gamma             | 16  | 159 / 137       | and 4 a pixel       |
 * | JPEG / PNG with alpha → 224, gamma           | 16  | 35 / 53         | rows of 16 bits     |
 * | JPEG in Display P3 → 224 in P3               | 16  | 34              | rows of 16 bits     |
 * | JPEG → JPEG, 1:1, blur 50 / sharpened        | 16  | 146 / 109       | a copy / nothing    |
 * | JPEG / WebP → 224, resampled                 | 16  | 17 / 123        | and 4 a pixel       |
 * | PNG → 3,000 a side, resampled, upright/turned| 4   | 157 / 156       | a copy, twice as    |
 * |                                              |     |                 | long and wide       |
 */
export function estimateBytes(header: SourceHeader, passes: readonly Pass[]): number {
  const peaks = passes.map((pass) =>
    pass.kind === 'direct' ? directPeak(header, pass.planned) : masterPeak(header, pass),
  );
  const outputs = passes.flatMap(plannedOf).reduce((sum, planned) => sum + outputBytes(planned), 0);
  return PIPELINE_BYTES + outputs + Math.max(...peaks);
}

/** Decoder, resize and encoder work at the same time. */
function directPeak(header: SourceHeader, planned: PlannedRendition): number {
  return (
    decoderBytes(header, planned.pages) +
    streamedBytes(header, processedBytes(header, planned.spec)) +
    unshrunkBytes(header, planned) +
    copiedBytes(header, planned) +
    encoderBytes(header, planned)
  );
}

/**
 * First a master is made (and turned, which copies it), then it stays while each rendition is made
 * from it, and while a smaller master is; that one takes its place.
 */
function masterPeak(header: SourceHeader, { masters: [first, ...further] }: MasterPass): number {
  const size = masterBytes(header, first);
  const making =
    decoderBytes(header, 1) +
    streamedBytes(header, header.bytesPerChannel) +
    (turned(header) ? size : 0);
  const later = further.map(
    (master) => masterBytes(header, master) + derivingBytes(header, master),
  );
  return size + Math.max(making, derivingBytes(header, first), ...later);
}

function masterBytes(header: SourceHeader, { largest }: Master): number {
  return area(largest.scaled) * (header.hasAlpha ? 4 : 3);
}

/** What each rendition of a master takes beside it. */
function derivingBytes(header: SourceHeader, master: Master): number {
  const { width } = master.largest.scaled;
  const resizing = Math.min(width * 4 * STREAMED_ROWS, MOST_STREAMED * masterBytes(header, master));
  const deriving = master.planned.map(
    (rendition) => resizing + encoderBytes(header, rendition) + area(rendition.scaled) * 4,
  );
  return Math.max(...deriving);
}

/** What the decoder keeps of the whole picture. */
function decoderBytes(header: SourceHeader, pages: number): number {
  const pagePixels = header.width * header.height;
  const decoded = pagePixels * header.channels * header.bytesPerChannel;
  switch (header.format) {
    case 'jpeg':
      return header.coefficientBytes;
    case 'png':
      return header.interlaced ? decoded : 0;
    case 'tiff':
      return decoded + choiceBytes(header);
    case 'webp':
      return pages > 1 ? 5 * pagePixels * pages : 4 * pagePixels;
    case 'avif':
      return 20 * pagePixels * header.bytesPerChannel * (header.hasAlpha ? 4 / 3 : 1);
    case 'gif':
      return 5 * pagePixels;
  }
}

/** All channels, then those that are kept, as the source of all renditions. */
function choiceBytes({
  width,
  height,
  bytesPerChannel,
  channels,
  channelChoice,
}: SourceHeader): number {
  return channelChoice
    ? width * height * bytesPerChannel * (channelChoice.stored + 2 + channels)
    : 0;
}

function streamedBytes({ width, height, channels }: SourceHeader, bytesPerChannel: number): number {
  const row = width * channels * bytesPerChannel;
  return Math.min(row * STREAMED_ROWS, MOST_STREAMED * row * height);
}

/**
 * Turning, cropping around what is of interest, cropping frames and enlarging as Pillow does need
 * the scaled picture as a whole, and so does a blur.
 */
function copiedBytes(header: SourceHeader, planned: PlannedRendition): number {
  const { spec, pages } = planned;
  const looksAtContent = spec.position === 'entropy' || spec.position === 'attention';
  const isWhole = turned(header) || looksAtContent || pages > 1 || spec.resample;
  const copies = Number(Boolean(isWhole)) + Number(typeof spec.blur === 'number');
  const scaled = spec.resample ? resampledSize(header, planned) : planned.scaled;
  return copies * area(scaled) * pages * 4 * processedBytes(header, spec);
}

/**
 * Edges are looked for in the whole decoded picture. A WebP that is not shrunk while it is decoded
 * is there twice.
 */
function unshrunkBytes(header: SourceHeader, { spec }: PlannedRendition): number {
  const pixels = header.width * header.height;
  const isWhole = header.format === 'webp' && (spec.trim || spec.gamma || spec.resample);
  const trimmed = spec.trim ? pixels * header.channels * header.bytesPerChannel : 0;
  return trimmed + (isWhole ? 4 * pixels : 0);
}

/** Bytes of a channel while it is resized. */
function processedBytes({ bytesPerChannel }: SourceHeader, spec: RenditionSpec): number {
  return spec.gamma || spec.colourSpace === 'p3' ? Math.max(2, bytesPerChannel) : bytesPerChannel;
}

function turned({ orientation }: SourceHeader): boolean {
  return orientation > 2;
}

function encoderBytes(
  header: SourceHeader,
  { spec, format, width, height }: PlannedRendition,
): number {
  return width * height * ENCODER[format](spec, header.hasAlpha || spec.fit === 'contain');
}

type EncoderCost = (spec: PlannedRendition['spec'], alpha: boolean) => number;

/** Bytes that an encoder takes for a pixel of one page, beside its output. */
const ENCODER: Readonly<Record<PlannedRendition['format'], EncoderCost>> = {
  jpeg: ({ chromaSubsampling, mozjpeg }) =>
    chromaSubsampling === '4:4:4' ? (mozjpeg ? 26 : 10) : mozjpeg ? 12 : 4,
  png: ({ progressive }) => (progressive ? 4 : 2),
  webp: ({ effort, lossless, nearLossless }, alpha) =>
    lossless || nearLossless ? 26 : (effort === 0 ? 4 : 16) + (alpha ? 16 : 0),
  avif: () => 56,
  tiff: () => 2,
  gif: () => 11,
};

/**
 * Most bytes that a rendition has when it is done: those of incompressible pixels. While a smaller
 * file is tried, the best one is kept.
 */
function outputBytes({ spec, width, height, pages }: PlannedRendition): number {
  const bytes = width * height * pages * 4;
  return bytes + Math.min(spec.maxBytes ?? 0, bytes);
}
