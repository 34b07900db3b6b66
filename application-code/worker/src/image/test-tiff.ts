/** TIFFs for tests that no encoder at hand writes: one page, uncompressed, little-endian. */
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
  /** Pixels of the four quarters: top left, top right, bottom left, bottom right. */
  readonly quarters: readonly (readonly number[])[];
}

type Tag = readonly [id: number, type: number, count: number, value: number | Buffer];

const [SHORT, LONG, UNDEFINED] = [3, 4, 7];

export function tiffFile(picture: TiffPicture): Buffer {
  const { width, height, bitsPerSample, samplesPerPixel, extraSamples, profile, orientation = 1 } = picture;
  const pixels = pixelsOf(picture);
  const shorts = (values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);
  const tags: Tag[] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, samplesPerPixel, shorts(Array(samplesPerPixel).fill(bitsPerSample))],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, picture.photometric],
    [273, LONG, 1, 8],
    [274, SHORT, 1, orientation],
    [277, SHORT, 1, samplesPerPixel],
    [278, LONG, 1, height],
    [279, LONG, 1, pixels.length],
  ];
  if (extraSamples) tags.push([338, SHORT, extraSamples.length, shorts(extraSamples)]);
  if (profile) tags.push([34675, UNDEFINED, profile.length, profile]);
  return assembled(tags, pixels);
}

function assembled(tags: readonly Tag[], pixels: Buffer): Buffer {
  const directory = Buffer.alloc(2 + 12 * tags.length + 4);
  const values: Buffer[] = [];
  let at = 8 + pixels.length + directory.length;
  directory.writeUInt16LE(tags.length);
  tags.forEach(([id, type, count, value], index) => {
    const entry = 2 + 12 * index;
    directory.writeUInt16LE(id, entry);
    directory.writeUInt16LE(type, entry + 2);
    directory.writeUInt32LE(count, entry + 4);
    if (typeof value === 'number') directory.writeUInt32LE(value, entry + 8);
    else if (value.length <= 4) value.copy(directory, entry + 8);
    else {
      directory.writeUInt32LE(at, entry + 8);
      values.push(value);
      at += value.length;
    }
  });
  const header = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(8 + pixels.length, 4);
  return Buffer.concat([header, pixels, directory, ...values]);
}

function pixelsOf({ width, height, bitsPerSample, quarters }: TiffPicture): Buffer {
  const samples: number[] = [];
  for (let at = 0; at < width * height; at += 1) {
    const [right, below] = [at % width >= width / 2, at >= (width * height) / 2];
    for (const value of quarters[(below ? 2 : 0) + (right ? 1 : 0)] ?? []) samples.push(value);
  }
  return bitsPerSample === 8 ? Buffer.from(samples) : Buffer.from(Uint16Array.from(samples).buffer);
}
