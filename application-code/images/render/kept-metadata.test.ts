import sharp from 'sharp';
import {
  exifBlock,
  PREVIEW,
  photoshopResources,
  withChunk,
  withSegment,
  withWebpExif,
  xmpPacket,
} from '../../../test/fakes/pictures/metadata';
import { quarters } from '../../../test/fakes/pictures/pictures';
import { render, renderOne } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';

beforeAll(restrictLoaders);

const ORDERS = ['II', 'MM'] as const;
const EXIF = Buffer.from('Exif\0\0');

const SOURCES = {
  JPEG: async (exif: Buffer) =>
    withSegment(await quarters().jpeg().toBuffer(), 0xe1, Buffer.concat([EXIF, exif])),
  PNG: async (exif: Buffer) => withChunk(await quarters().png().toBuffer(), 'eXIf', exif),
  WebP: async (exif: Buffer) => {
    const any = { IFD0: { Artist: 'B.' } };
    return withWebpExif(await quarters().withExif(any).webp().toBuffer(), exif);
  },
};

const KEPT = (['jpeg', 'png', 'webp', 'avif'] as const).map((format) => ({
  name: format,
  format,
  width: 32,
  keepMetadata: true,
}));

describe.each(Object.entries(SOURCES))('EXIF that is kept from a %s', (_, sourceOf) => {
  test.each(ORDERS)('has orientation 1 and no preview, in byte order %s', async (order) => {
    const source = await sourceOf(exifBlock(order));
    expect(source.includes(PREVIEW)).toBe(true);
    const { images } = await render(source, KEPT);
    expect(images).toHaveLength(KEPT.length);
    for (const { body, width, height } of images) {
      const { exif, orientation } = await sharp(body).metadata();
      expect([width, height, orientation ?? 1]).toEqual([32, 43, 1]);
      expect(exif?.includes('A. N.')).toBe(true);
      expect(body.includes(PREVIEW)).toBe(false);
    }
  });
});

test('a PNG whose EXIF was changed in place decodes without a warning', async () => {
  const source = await SOURCES.PNG(exifBlock('II'));
  await renderOne(source, { keepMetadata: true });
  const again = await sharp(source, { failOn: 'warning' }).keepMetadata().png().toBuffer();
  expect((await sharp(again).metadata()).exif?.includes('A. N.')).toBe(true);
});

test('EXIF that says where a preview is, beyond its end, is kept', async () => {
  const exif = exifBlock('II').subarray(0, 106);
  const { body } = await renderOne(await SOURCES.JPEG(exif), { keepMetadata: true });
  expect((await sharp(body).metadata()).exif?.includes('A. N.')).toBe(true);
});

test('XMP that is kept has orientation 1, and promises no gain map', async () => {
  const says =
    'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6" ' +
    'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"';
  const stored = quarters().withXmp(xmpPacket(says));
  for (const source of [await stored.jpeg().toBuffer(), await stored.png().toBuffer()]) {
    const { images } = await render(source, [{ name: 'same', keepMetadata: true }, ...KEPT]);
    for (const { body } of images) {
      const xmp = (await sharp(body).metadata()).xmp?.toString();
      expect(xmp).toContain('tiff:Orientation="1"');
      expect(xmp).toContain('Grüße &amp; more');
      expect(xmp).not.toContain('hdrgm');
    }
  }
});

test.each([
  ['in the middle', [0x0404, 0x040c, 0x03ed]],
  ['at the end', [0x0404, 0x03ed, 0x0409]],
  ['first', [0x040c, 0x0404, 0x03ed]],
])('Photoshop’s resources that are kept have no preview: %s', async (_, ids) => {
  const resources = photoshopResources(
    ids.map((id) => [id, [0x0409, 0x040c].includes(id) ? PREVIEW : `resource ${id}`]),
  );
  const source = withSegment(await quarters().jpeg().toBuffer(), 0xed, resources);
  const { body } = await renderOne(source, { width: 32, keepMetadata: true });
  const { iptc } = await sharp(body).metadata();
  expect(body.includes(PREVIEW)).toBe(false);
  for (const id of [0x0404, 0x03ed]) expect(iptc?.includes(`resource ${id}`)).toBe(true);
});

test('metadata that a rendition does not keep is left in the source as it is', async () => {
  const source = await SOURCES.JPEG(exifBlock('II'));
  const before = Buffer.from(source);
  await renderOne(source);
  expect(source.equals(before)).toBe(true);
});
