import sharp, { type Sharp } from 'sharp';

/** Pictures for tests, made when they are needed: no file of anybody's, and every pixel known. */

export type Colour = readonly [number, number, number];

export const RED: Colour = [200, 50, 50];
export const GREEN: Colour = [40, 160, 70];
export const BLUE: Colour = [40, 60, 190];
export const GREY: Colour = [128, 128, 128];

/** Quarters: red and green above, blue and grey below. */
export function quarters(width = 64, height = 48): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at += 1) {
    const [left, top] = [at % width < width / 2, at < (width * height) / 2];
    pixels.set(top ? (left ? RED : GREEN) : left ? BLUE : GREY, 3 * at);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Something like a photo: soft shapes and a little grain, the same every time. */
export function scene(width: number, height: number): Sharp {
  const across = Array.from({ length: width }, (_, x) => 40 * Math.sin(x / 23));
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y += 1) {
    const down = 128 + 40 * Math.cos(y / 31);
    for (let x = 0; x < width; x += 1) {
      const value = down + (across[(x + y) % width] ?? 0) + ((at * 7_919) % 13);
      pixels[at++] = value;
      pixels[at++] = value + (x % 64) / 4;
      pixels[at++] = 255 - value;
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** An animation of `count` frames, each of one colour. */
export function frames(count: number, width = 32, height = 24): Sharp {
  const pixels = Buffer.alloc(width * height * count * 3);
  for (let frame = 0, at = 0; frame < count; frame += 1)
    for (const end = at + width * height * 3; at < end; at += 1)
      pixels[at] = (frame * 80 + (at % 3) * 40) % 256;
  return sharp(pixels, { raw: { width, height: height * count, channels: 3, pageHeight: height } });
}

/** Colour at a place given in parts of width and height, the profile not looked at. */
export async function colourAt(picture: Buffer, across: number, down: number): Promise<number[]> {
  const { data, info } = await sharp(picture, { ignoreIcc: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [x, y] = [Math.floor(across * info.width), Math.floor(down * info.height)];
  const at = (y * info.width + x) * info.channels;
  return [...data.subarray(at, at + info.channels)];
}

/** Largest difference of two colours, channel by channel. */
export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...b.map((value, channel) => Math.abs(value - (a[channel] ?? Number.NaN))));
}

/** A PNG that says to be of any size and holds no pixels of it. */
export function hollowPng(width: number, height: number): Buffer {
  return pngFile(width, height, { bitDepth: 8, colourType: 2 }, Buffer.alloc(20));
}

/** A PNG around deflated rows, which it does not check. */
export function pngFile(
  width: number,
  height: number,
  { bitDepth, colourType }: { readonly bitDepth: number; readonly colourType: number },
  deflated: Buffer,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colourType, 0, 0, 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflated), chunk('IEND')]);
}

export function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
