import sharp, { type Sharp } from 'sharp';
import {
  BLUE,
  colourAt,
  distance,
  GREEN,
  GREY,
  quarters,
  RED,
  scene,
} from '../../../test/fakes/pictures/pictures';
import { render, renderOne } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';
import { FORMATS } from '../formats';

beforeAll(restrictLoaders);

async function expectQuarters(picture: Buffer, tolerance = 12): Promise<void> {
  expect(distance(await colourAt(picture, 0.25, 0.25), RED)).toBeLessThanOrEqual(tolerance);
  expect(distance(await colourAt(picture, 0.75, 0.25), GREEN)).toBeLessThanOrEqual(tolerance);
  expect(distance(await colourAt(picture, 0.25, 0.75), BLUE)).toBeLessThanOrEqual(tolerance);
  expect(distance(await colourAt(picture, 0.75, 0.75), GREY)).toBeLessThanOrEqual(tolerance);
}

/** How a picture must be stored, so that its EXIF orientation sets it upright again. */
const STORED: readonly [orientation: number, store: (upright: Sharp) => Sharp][] = [
  [1, (upright) => upright],
  [2, (upright) => upright.flop()],
  [3, (upright) => upright.rotate(180)],
  [4, (upright) => upright.flip()],
  [5, (upright) => upright.rotate(270).flop()],
  [6, (upright) => upright.rotate(270)],
  [7, (upright) => upright.rotate(90).flop()],
  [8, (upright) => upright.rotate(90)],
];

describe('orientation', () => {
  test.each(STORED)(
    '%d is applied, once, also when metadata is kept',
    async (orientation, store) => {
      const stored = await store(sharp(await quarters().png().toBuffer()))
        .png()
        .toBuffer();
      const source = await sharp(stored)
        .withMetadata({ orientation })
        .jpeg({ quality: 95 })
        .toBuffer();
      for (const keepMetadata of [false, true]) {
        const { body, width, height } = await renderOne(source, { width: 32, keepMetadata });
        expect([width, height]).toEqual([32, 24]);
        await expectQuarters(body);
        expect((await sharp(body).metadata()).orientation ?? 1).toBe(1);
      }
    },
  );

  test('is applied to a master, too', async () => {
    const stored = await sharp(await quarters().png().toBuffer())
      .rotate(270)
      .png()
      .toBuffer();
    const source = await sharp(stored).withMetadata({ orientation: 6 }).png().toBuffer();
    const { images } = await render(source, [
      { name: 'a', width: 48 },
      { name: 'b', width: 24, height: 18 },
    ]);
    expect(images.map(({ width, height }) => [width, height])).toEqual([
      [48, 36],
      [24, 18],
    ]);
    for (const { body } of images) {
      await expectQuarters(body);
    }
  });
});

describe('colours become sRGB', () => {
  test.each([
    ['Display P3', (picture: Sharp) => picture.withIccProfile('p3').png()],
    [
      'Display P3 in 16 bits',
      (picture: Sharp) => picture.toColourspace('rgb16').withIccProfile('p3').png(),
    ],
    [
      'sRGB in 16 bits',
      (picture: Sharp) => picture.toColourspace('rgb16').withIccProfile('srgb').png(),
    ],
    ['16 bits without a profile', (picture: Sharp) => picture.toColourspace('rgb16').png()],
    ['a palette', (picture: Sharp) => picture.png({ palette: true })],
  ])('from %s', async (_, store) => {
    const source = await store(quarters()).toBuffer();
    const { images } = await render(source, [
      { name: 'one', width: 40 },
      { name: 'two', width: 20 },
    ]);
    for (const { body } of images) {
      await expectQuarters(body, 4);
      expect(await sharp(body).metadata()).toMatchObject({
        space: 'srgb',
        depth: 'uchar',
        hasProfile: false,
      });
    }
  });

  test('from CMYK, as near as its inks come', async () => {
    const source = await quarters()
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(source).metadata()).space).toBe('cmyk');
    const { body } = await renderOne(source, { width: 32 });
    expect((await sharp(body).metadata()).space).toBe('srgb');
    await expectQuarters(body, 70);
  });

  test('but stay in the profile that is kept', async () => {
    const source = await quarters()
      .withIccProfile('p3')
      .withExif({ IFD0: { Artist: 'A. N.' } })
      .png()
      .toBuffer();
    const { body } = await renderOne(source, { width: 32, keepMetadata: true });
    const { icc, exif } = await sharp(body).metadata();
    expect(icc?.equals((await sharp(source).metadata()).icc ?? Buffer.alloc(0))).toBe(true);
    expect(exif?.includes('A. N.')).toBe(true);
    expect(
      distance(await colourAt(body, 0.25, 0.25), await colourAt(source, 0.25, 0.25)),
    ).toBeLessThanOrEqual(3);
  });
});

test('metadata is dropped, positions above all', async () => {
  const exif = {
    IFD0: { Artist: 'A. N.' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
  };
  const source = await quarters()
    .withExif(exif)
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
    .jpeg()
    .toBuffer();
  expect(await sharp(source).metadata()).toMatchObject({
    exif: expect.any(Buffer),
    xmp: expect.any(Buffer),
  });
  const { exif: kept, xmp, icc, iptc } = await sharp((await renderOne(source)).body).metadata();
  expect([kept, xmp, icc, iptc]).toEqual([undefined, undefined, undefined, undefined]);
});

describe('formats', () => {
  test.each(FORMATS)('%s stays what it is, and becomes any other', async (format) => {
    const source = await quarters().toFormat(format).toBuffer();
    expect((await renderOne(source, { width: 32 })).contentType).toBe(`image/${format}`);
    const { images } = await render(
      source,
      FORMATS.map((name) => ({ name, format: name, width: 32 })),
    );
    for (const { name, body, contentType } of images) {
      expect(contentType).toBe(`image/${name}`);
      expect((await sharp(body).metadata()).format).toBe(name === 'avif' ? 'heif' : name);
      await expectQuarters(body);
    }
  });

  test('quality without a format holds where it only makes files smaller', async () => {
    const picture = scene(120, 90);
    const bytes = async (source: Buffer, quality?: number) =>
      (await renderOne(source, quality === undefined ? {} : { quality })).body.length;
    const jpeg = await picture.jpeg().toBuffer();
    expect(await bytes(jpeg, 20)).toBeLessThan((await bytes(jpeg)) / 2);
    const png = await picture.png().toBuffer();
    expect(await bytes(png, 20)).toBe(await bytes(png));
  });

  test('transparency stays, except in a JPEG, where it gets the background', async () => {
    const clear = sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0 } },
    });
    const images: readonly string[] = ['png', 'webp', 'avif', 'tiff'];
    for (const format of ['png', 'webp', 'avif', 'tiff'] as const) {
      const options = format === 'tiff' ? { compression: 'lzw' as const } : {};
      const source = await clear.clone().toFormat(format, options).toBuffer();
      const { body } = await renderOne(source, { width: 10 });
      expect((await colourAt(body, 0.5, 0.5))[3]).toBe(0);
      const jpeg = await renderOne(source, { width: 10, format: 'jpeg', background: '#ffffff' });
      expect(distance(await colourAt(jpeg.body, 0.5, 0.5), [255, 255, 255])).toBeLessThanOrEqual(2);
    }
    expect(images).toHaveLength(4);
  });

  test.each([
    ['white', undefined, [255, 255, 255]],
    ['white, when the recipe names a colour that cannot be seen', 'transparent', [255, 255, 255]],
    ['the background', '#336699', [51, 102, 153]],
  ] as const)(
    'what is transparent stands on %s in a JPEG, alone or beside others',
    async (_, given, shown) => {
      const clear = { r: 200, g: 0, b: 0, alpha: 0 };
      const create = { width: 20, height: 20, channels: 4, background: clear } as const;
      const spec = { format: 'jpeg', ...(given ? { background: given } : {}) } as const;
      const source = await sharp({ create }).png().toBuffer();
      const pair = await render(source, [
        { name: 'a', width: 10, ...spec },
        { name: 'b', width: 16, ...spec },
      ]);
      for (const { body } of [await renderOne(source, spec), ...pair.images])
        expect(distance(await colourAt(body, 0.5, 0.5), shown)).toBeLessThanOrEqual(2);
    },
  );

  test('a transparent border becomes white in a JPEG and stays so elsewhere', async () => {
    const border = { width: 40, height: 40, fit: 'contain', background: 'transparent' } as const;
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const) {
      const { body } = await renderOne(await quarters().jpeg().toBuffer(), { ...border, format });
      const [red, , , alpha = 255] = await colourAt(body, 0.5, 0.02);
      expect([format, format === 'jpeg' ? red : alpha]).toEqual([
        format,
        format === 'jpeg' ? 255 : 0,
      ]);
    }
  });
});
