/** Tags of TIFF 6.0, its technical note 1 (SubIFDs) and DNG 1.7 that say what a page is. */
export const TAG = {
  newSubfileType: 254,
  subfileType: 255,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  orientation: 274,
  samplesPerPixel: 277,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  xmp: 700,
  iccProfile: 34_675,
  dngVersion: 50_706,
} as const;

/** One image file directory: a page, or a picture that belongs to one. */
export interface TiffDirectory {
  /** Whole numbers of a tag; none when it is missing or holds something else. */
  readonly numbers: (tag: number) => readonly number[];
  /** Bytes of a tag; none when it is missing or they are not all there. */
  readonly bytes: (tag: number) => Buffer;
  readonly subDirectories: readonly TiffDirectory[];
}

interface Entry {
  readonly type: number;
  readonly count: number;
  readonly start: number;
}

/** Bytes of a value by its type, for all types that hold whole numbers without a sign, or bytes. */
const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  7: 1,
  13: 4,
  16: 8,
  18: 8,
};
/** Further pages are not read. */
const MOST_DIRECTORIES = 100;
/** Most values of one tag that are read. */
const MOST_NUMBERS = 64;

/** The pages of a TIFF or BigTIFF in their order, as far as they can be followed. */
export function readTiffDirectories(source: Buffer): readonly TiffDirectory[] {
  const reader = new TiffReader(source);
  return reader.chain(reader.first, true);
}

class TiffReader {
  readonly first: number;
  private readonly isLittle: boolean;
  private readonly isBig: boolean;
  private readonly seen = new Set<number>();

  constructor(private readonly source: Buffer) {
    this.isLittle = source[0] === 0x49;
    this.isBig = this.number(2, 2) === 43;
    this.first = this.isBig ? this.number(8, 8) : this.number(4, 4);
  }

  /** A directory and those that follow it. Sub-directories are looked at one level deep. */
  chain(first: number, hasSubDirectories: boolean): TiffDirectory[] {
    const found: TiffDirectory[] = [];
    for (let at = first; this.isNew(at); ) {
      const entries = this.entries(at);
      found.push(this.directory(entries.map, hasSubDirectories));
      at = this.number(entries.end, this.isBig ? 8 : 4);
    }
    return found;
  }

  private isNew(at: number): boolean {
    const isNew = at >= 8 && at < this.source.length && !this.seen.has(at);
    this.seen.add(at);
    return isNew && this.seen.size <= MOST_DIRECTORIES;
  }

  private entries(at: number): { readonly map: ReadonlyMap<number, Entry>; readonly end: number } {
    const [head, each, inline] = this.isBig ? [8, 20, 8] : [2, 12, 4];
    const count = Math.min(this.number(at, head), 0xffff);
    const map = new Map<number, Entry>();
    for (let index = 0; index < count; index += 1) {
      const start = at + head + index * each;
      if (start + each > this.source.length) break;
      const type = this.number(start + 2, 2);
      const values = this.number(start + 4, inline);
      const place = start + 4 + inline;
      const isInline = values * (TYPE_BYTES[type] ?? 8) <= inline;
      const entry = { type, count: values, start: isInline ? place : this.number(place, inline) };
      map.set(this.number(start, 2), entry);
    }
    return { map, end: at + head + count * each };
  }

  private directory(
    entries: ReadonlyMap<number, Entry>,
    hasSubDirectories: boolean,
  ): TiffDirectory {
    const numbers = (tag: number) => this.numbers(entries.get(tag));
    const below = hasSubDirectories ? numbers(TAG.subDirectories) : [];
    return {
      numbers,
      bytes: (tag) => this.bytes(entries.get(tag)),
      subDirectories: below.flatMap((at) => this.chain(at, false)),
    };
  }

  private numbers(entry: Entry | undefined): readonly number[] {
    const bytes = TYPE_BYTES[entry?.type ?? 0];
    if (!entry || !bytes) return [];
    const count = Math.min(entry.count, MOST_NUMBERS);
    return Array.from({ length: count }, (_, index) =>
      this.number(entry.start + index * bytes, bytes),
    );
  }

  private bytes(entry: Entry | undefined): Buffer {
    const end = entry ? entry.start + entry.count * (TYPE_BYTES[entry.type] ?? 0) : 0;
    return entry && end <= this.source.length
      ? this.source.subarray(entry.start, end)
      : Buffer.alloc(0);
  }

  /** 0 beyond the end. */
  private number(at: number, bytes: number): number {
    if (!(at >= 0 && at + bytes <= this.source.length)) return 0;
    if (bytes === 8) {
      const wide = this.isLittle
        ? this.source.readBigUInt64LE(at)
        : this.source.readBigUInt64BE(at);
      return Number(wide);
    }
    return this.isLittle ? this.source.readUIntLE(at, bytes) : this.source.readUIntBE(at, bytes);
  }
}
