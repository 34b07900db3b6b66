/** How a JPEG stores its colours, read from its markers. */
export interface JpegFrame {
  /**
   * Bytes that libjpeg keeps for the whole picture: two for every coefficient when the picture
   * comes in several scans (progressive, or colour after colour), since only the last one completes
   * it; otherwise 0.
   */
  readonly coefficientBytes: number;
  /** Where the compressed data of the first scan begins, in bytes. */
  readonly dataStart: number;
  /** The marker of the frame, 0xc0 for baseline. */
  readonly startOfFrame: number;
  /** Bits of a sample. */
  readonly precision: number;
}

interface Component {
  readonly horizontal: number;
  readonly vertical: number;
}

interface Frame extends Pick<JpegFrame, 'startOfFrame' | 'precision'> {
  readonly components: readonly Component[];
}

/**
 * Start of frame: baseline to progressive, Huffman and arithmetic, but not DHT (C4), JPG (C8) and
 * DAC (CC).
 */
const isStartOfFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Markers that stand alone: TEM, RST0 to RST7, SOI. */
const standsAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
export const START_OF_SCAN = 0xda;
export const isProgressive = (marker: number) => [0xc2, 0xc6, 0xca, 0xce].includes(marker);

/** A marker with its content, which may end behind the source. */
export interface JpegSegment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

/** The segments up to the source's end, without the bytes between them that libjpeg skips. */
export function* jpegSegments(source: Buffer): Generator<JpegSegment, void> {
  for (let at = 2; at + 4 <= source.length; ) {
    const marker = source[at + 1] ?? 0;
    if (source[at] !== 0xff || marker === 0xff || marker === 0 || standsAlone(marker)) {
      at += source[at] === 0xff && standsAlone(marker) ? 2 : 1;
      continue;
    }
    const end = at + 2 + source.readUInt16BE(at + 2);
    yield { marker, start: at + 4, end };
    at = end;
  }
}

/**
 * Reads up to the first scan; undefined where that cannot be found, so that the caller must assume
 * the worst.
 */
export function readJpegFrame(source: Buffer, pixels: number): JpegFrame | undefined {
  let frame: Frame | undefined;
  for (const { marker, start, end } of jpegSegments(source)) {
    if (isStartOfFrame(marker)) {
      const components = readComponents(source, start);
      frame = { startOfFrame: marker, precision: source[start] ?? 0, components };
    }
    if (marker !== START_OF_SCAN) continue;
    if (!frame) return undefined;
    const { startOfFrame, precision } = frame;
    const coefficientBytes = coefficients(frame, source[start] ?? 0) * 2 * pixels;
    return { coefficientBytes, dataStart: end, startOfFrame, precision };
  }
  return undefined;
}

/** Components follow precision, height, width and their number, three bytes each. */
function readComponents(source: Buffer, start: number): Component[] {
  return Array.from({ length: source[start + 5] ?? 0 }, (_, index) => {
    const sampling = source[start + 7 + 3 * index] ?? 0x11;
    return { horizontal: Math.max(1, sampling >> 4), vertical: Math.max(1, sampling & 15) };
  });
}

/** Coefficients a pixel, when they must be kept. */
function coefficients(frame: Frame, scanComponents: number): number {
  if (!isProgressive(frame.startOfFrame) && scanComponents === frame.components.length) {
    return 0;
  }
  const blocks = frame.components.map(({ horizontal, vertical }) => horizontal * vertical);
  const most = (side: keyof Component) =>
    Math.max(...frame.components.map((component) => component[side]));
  return blocks.reduce((sum, block) => sum + block, 0) / (most('horizontal') * most('vertical'));
}
