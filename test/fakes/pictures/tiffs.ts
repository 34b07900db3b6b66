import { TAG } from '../../../application-code/images/decode/tiff-directory';
import { BLUE, type Colour, GREEN, GREY, RED } from './pictures';

/** TIFFs for tests: any tags, whether libtiff writes them or not. */

export interface TestPage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
  /** Beside sizes and strips; without `samplesPerPixel` there is one channel, of 8 bits. */
  readonly tags: Readonly<Record<number, number | readonly number[] | Buffer>>;
  readonly below?: readonly TestPage[];
}

const [STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_BYTE_COUNTS] = [273, 278, 279];

/** Pages one after the other, each with what is below it in front. */
export function tiffOf(pages: readonly TestPage[], isLittle = true): Buffer {
  const file = new TiffWriter(isLittle);
  const firsts = pages.map((page) => file.page(page));
  return file.end(firsts);
}

class TiffWriter {
  private readonly parts: Buffer[] = [Buffer.alloc(8)];
  private length = 8;

  constructor(private readonly isLittle: boolean) {}

  /** Writes a page and returns its place and where it will say what follows. */
  page({ width, height, pixels, tags, below = [] }: TestPage): { at: number; next: Buffer } {
    const subs = below.map((page) => this.page(page).at);
    const strip = this.add(pixels);
    const all = {
      [TAG.width]: width,
      [TAG.height]: height,
      [TAG.bitsPerSample]: 8,
      [TAG.compression]: 1,
      [STRIP_OFFSETS]: strip,
      [ROWS_PER_STRIP]: height,
      [STRIP_BYTE_COUNTS]: pixels.length,
      ...(subs.length > 0 && { [TAG.subDirectories]: subs }),
      ...tags,
    };
    // Integer keys of an object come in ascending order, as the tags of a directory must.
    const entries = Object.entries(all).map(([tag, value]) =>
      Buffer.isBuffer(value)
        ? this.bytes(Number(tag), value)
        : this.entry(Number(tag), [value].flat()),
    );
    const next = Buffer.alloc(4);
    return { at: this.add(this.number(entries.length, 2), ...entries, next), next };
  }

  end(pages: readonly { at: number; next: Buffer }[]): Buffer {
    for (const [index, { next }] of pages.entries()) {
      this.number(pages[index + 1]?.at ?? 0, 4).copy(next);
    }
    const magic = Buffer.from(this.isLittle ? 'II*\0' : 'MM\0*', 'latin1');
    return Buffer.concat([magic, this.number(pages[0]?.at ?? 0, 4), ...this.parts.slice(1)]);
  }

  /** Values of four bytes, those that are many elsewhere. */
  private entry(tag: number, values: readonly number[]): Buffer {
    const long = values.map((value) => this.number(value, 4));
    const value = long.length === 1 ? long : [this.number(this.add(...long), 4)];
    return Buffer.concat([
      this.number(tag, 2),
      this.number(4, 2),
      this.number(values.length, 4),
      ...value,
    ]);
  }

  private bytes(tag: number, value: Buffer): Buffer {
    const head = [this.number(tag, 2), this.number(7, 2), this.number(value.length, 4)];
    return Buffer.concat([...head, this.number(this.add(value), 4)]);
  }

  private add(...parts: readonly Buffer[]): number {
    const at = this.length;
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    this.parts.push(...parts, Buffer.alloc(bytes % 2));
    this.length += bytes + (bytes % 2);
    return at;
  }

  private number(value: number, bytes: number): Buffer {
    const buffer = Buffer.alloc(bytes);
    if (this.isLittle) buffer.writeUIntLE(value, 0, bytes);
    else buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  }
}

/** Quarters like those of `quarters`, with channels behind the colours. */
export function rgbPage(
  width: number,
  height: number,
  behind: readonly number[] = [],
  tags: TestPage['tags'] = {},
): TestPage {
  const channels = 3 + behind.length;
  return {
    width,
    height,
    pixels: quarterPixels(width, height, (colour) => [...colour, ...behind]),
    tags: {
      [TAG.photometric]: 2,
      [TAG.samplesPerPixel]: channels,
      [TAG.bitsPerSample]: Array(channels).fill(8),
      ...tags,
    },
  };
}

export function quarterPixels(
  width: number,
  height: number,
  toBytes: (colour: Colour) => readonly number[] | Buffer,
): Buffer {
  const bytes = Array.from({ length: width * height }, (_, at) => {
    const [left, top] = [at % width < width / 2, at < (width * height) / 2];
    return Buffer.from(toBytes(top ? (left ? RED : GREEN) : left ? BLUE : GREY) as number[]);
  });
  return Buffer.concat(bytes);
}

export interface TiffPicture {
  readonly width: number;
  readonly height: number;
  readonly photometric: number;
  readonly bitsPerSample: 8 | 16;
  readonly samplesPerPixel: number;
  /** 0 for a channel that nothing is said of, 1 and 2 for transparency. */
  readonly extraSamples?: readonly number[];
  readonly profile?: Buffer;
  readonly orientation?: number;
  /** Samples of the four quarters: top left, top right, bottom left, bottom right. */
  readonly quarters: readonly (readonly number[])[];
}

/** One page of four quarters. */
export function tiffFile(picture: TiffPicture): Buffer {
  const { width, height, bitsPerSample, samplesPerPixel, extraSamples, profile, quarters } =
    picture;
  const samples: number[] = [];
  for (let at = 0; at < width * height; at += 1) {
    const [right, below] = [at % width >= width / 2, at >= (width * height) / 2];
    samples.push(...(quarters[(below ? 2 : 0) + (right ? 1 : 0)] ?? []));
  }
  const pixels =
    bitsPerSample === 8 ? Buffer.from(samples) : Buffer.from(Uint16Array.from(samples).buffer);
  const tags = {
    [TAG.photometric]: picture.photometric,
    [TAG.bitsPerSample]: Array(samplesPerPixel).fill(bitsPerSample),
    [TAG.samplesPerPixel]: samplesPerPixel,
    [TAG.orientation]: picture.orientation ?? 1,
    ...(extraSamples && { [TAG.extraSamples]: extraSamples }),
    ...(profile && { [TAG.iccProfile]: profile }),
  };
  return tiffOf([{ width, height, pixels, tags }]);
}
