import sharp from 'sharp';
import { colourAt, distance, frames, scene } from '../../../test/fakes/pictures/pictures';
import { render, renderOne } from '../../../test/fakes/pictures/render';
import { openGifCanvas } from './gif-canvas';
import { restrictLoaders } from './loaders';

beforeAll(restrictLoaders);

const WIDTH = 24;
const HEIGHT = 16;

interface TestFrame {
  /** left, top, width, height */
  readonly place: readonly [number, number, number, number];
  /** Numbers of the pixels; the last one continues to the end. */
  readonly pixels: readonly number[];
  readonly disposal?: number;
}

/**
 * A GIF of 256 greys in which no frame is transparent; its pixels are written as literals alone.
 */
function gif(list: readonly TestFrame[]): Buffer {
  const header = Buffer.from('GIF89a______\0', 'latin1');
  header.writeUInt16LE(WIDTH, 6);
  header.writeUInt16LE(HEIGHT, 8);
  header.set([0xf7, 0, 0], 10);
  const greys = Buffer.from(Array.from({ length: 768 }, (_, at) => Math.floor(at / 3)));
  const parts = list.flatMap(({ place, pixels, disposal }) => {
    const descriptor = Buffer.alloc(11);
    descriptor[0] = 0x2c;
    for (const [index, value] of place.entries()) descriptor.writeUInt16LE(value, 1 + 2 * index);
    descriptor[10] = 8;
    const control = disposal === undefined ? [] : [0x21, 0xf9, 4, disposal << 2, 5, 0, 0, 0];
    return [Buffer.from(control), descriptor, codesOf(place[2] * place[3], pixels)];
  });
  return Buffer.concat([header, greys, ...parts, Buffer.from([0x3b])]);
}

/** A clear code before each hundred pixels keeps every code at nine bits. */
function codesOf(count: number, pixels: readonly number[]): Buffer {
  const codes = Array.from({ length: count }, (_, at) => pixels[at] ?? pixels.at(-1) ?? 0);
  const cleared = codes.flatMap((code, at) => (at % 100 === 0 ? [256, code] : [code]));
  const bits = [...cleared, 257]
    .map((code) => [...code.toString(2).padStart(9, '0')].reverse().join(''))
    .join('');
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) =>
    Number.parseInt([...byte].reverse().join(''), 2),
  );
  const blocks: number[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.slice(at, at + 255);
    blocks.push(block.length, ...block);
  }
  return Buffer.from([...blocks, 0]);
}

const ALL = Array.from({ length: 256 }, (_, value) => value);
const CORNER = [12, 8, 12, 8] as const;

describe('the canvas of a GIF that no frame draws on is transparent', () => {
  test.each([
    ['without a graphic control extension', { place: CORNER, pixels: [200] }],
    ['with one', { place: CORNER, pixels: [200], disposal: 0 }],
  ])('around one frame %s', async (_, frame) => {
    for (const format of ['gif', 'png', 'webp', 'avif'] as const) {
      const { body } = await renderOne(gif([frame]), { format });
      expect((await colourAt(body, 0.25, 0.25))[3]).toBe(0);
      expect(distance(await colourAt(body, 0.75, 0.75), [200, 200, 200, 255])).toBeLessThanOrEqual(
        3,
      );
    }
  });

  test('around a frame that uses all 256 colours, all of which stay except one', async () => {
    const frame = { place: [4, 0, 16, 16] as const, pixels: ALL };
    const { body } = await renderOne(gif([frame]), { format: 'png' });
    expect((await colourAt(body, 0.05, 0.5))[3]).toBe(0);
    const pixels = await sharp(body)
      .extract({ left: 4, top: 0, width: 16, height: 16 })
      .raw()
      .toBuffer();
    const off = ALL.map(
      (value) => Math.abs((pixels[4 * value] ?? 0) - value) + 255 - (pixels[4 * value + 3] ?? 0),
    );
    expect(Math.max(...off)).toBe(1);
    expect(off.filter((difference) => difference > 0)).toHaveLength(1);
  });

  test('around a photo that an encoder has compressed, which stays as it is', async () => {
    const photo = await scene(120, 90).gif({ dither: 1 }).toBuffer();
    const larger = Buffer.from(photo);
    larger.writeUInt16LE(200, 6);
    const { body } = await renderOne(larger, { format: 'png' });
    expect((await colourAt(body, 0.9, 0.5))[3]).toBe(0);
    const place = { left: 0, top: 0, width: 120, height: 90 };
    const found = await sharp(body).extract(place).removeAlpha().raw().toBuffer();
    const pixels = await sharp(photo).removeAlpha().raw().toBuffer();
    expect(found.filter((value, at) => Math.abs(value - (pixels[at] ?? 0)) > 8)).toHaveLength(0);
  });

  test('and white in a JPEG', async () => {
    const { body } = await renderOne(gif([{ place: CORNER, pixels: [9] }]), { format: 'jpeg' });
    expect(distance(await colourAt(body, 0.25, 0.25), [255, 255, 255])).toBeLessThanOrEqual(3);
  });

  test('in every frame of an animation, whose times stay as they are', async () => {
    const source = gif([
      { place: CORNER, pixels: [200], disposal: 1 },
      { place: [0, 0, 6, 8], pixels: [90], disposal: 1 },
    ]);
    const { body } = await renderOne(source, { format: 'gif' });
    expect(await sharp(body).metadata()).toMatchObject({ pages: 2, delay: [50, 50] });
    const second = await sharp(body, { page: 1 }).png().toBuffer();
    expect((await colourAt(second, 0.9, 0.1))[3]).toBe(0);
    expect((await colourAt(second, 0.1, 0.1))[0]).toBe(90);
    expect((await colourAt(second, 0.9, 0.9))[0]).toBe(200);
  });

  test('where a frame is cleared and the next one does not draw', async () => {
    const source = gif([
      { place: [0, 0, WIDTH, HEIGHT], pixels: [200], disposal: 2 },
      { place: [0, 0, 6, 8], pixels: [90], disposal: 1 },
    ]);
    const { body } = await renderOne(source, { format: 'webp', lossless: true });
    expect(await colourAt(body, 0.9, 0.25)).toEqual([200, 200, 200, 255]);
    const second = await sharp(body, { page: 1 }).png().toBuffer();
    expect((await colourAt(second, 0.9, 0.9))[3]).toBe(0);
    expect((await colourAt(second, 0.1, 0.1)).slice(0, 1)).toEqual([90]);
  });
});

test('a GIF stays as it is when its frames fill their canvas, or are too many', async () => {
  const full = await frames(3).gif().toBuffer();
  const many = gif(Array.from({ length: 4 }, () => ({ place: CORNER, pixels: [1] })));
  for (const source of [full, many]) {
    const before = Buffer.from(source);
    expect(openGifCanvas(source, 3)).toBe(source);
    expect(source.equals(before)).toBe(true);
  }
});

test('a GIF that is cut anywhere comes to an end', () => {
  const source = gif([
    { place: CORNER, pixels: ALL },
    { place: CORNER, pixels: ALL, disposal: 2 },
  ]);
  for (let length = 0; length < source.length; length += 1) {
    const cut = Buffer.from(source.subarray(0, length));
    expect(openGifCanvas(cut, 3).length).toBeGreaterThanOrEqual(length);
  }
});

test('a source that is opened twice is opened once', async () => {
  const source = gif([{ place: CORNER, pixels: [200], disposal: 0 }]);
  const twice = openGifCanvas(openGifCanvas(source, 9), 9);
  expect(twice).toBe(source);
  expect((await render(source, [{ name: 'a' }])).images).toHaveLength(1);
});
