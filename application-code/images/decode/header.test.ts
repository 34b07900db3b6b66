import sharp from 'sharp';
import { frames, hollowPng, quarters, scene } from '../../../test/fakes/pictures/pictures';
import { MAX_SOURCE_PAGES, readHeader } from './header';
import { restrictLoaders } from './loaders';

const limits = { maxSourcePixels: 100_000_000 };

beforeAll(restrictLoaders);

describe('the header', () => {
  test('says size, orientation and colours before anything is decoded', async () => {
    const source = await quarters(60, 40)
      .withMetadata({ orientation: 6, icc: 'p3' })
      .png()
      .toBuffer();
    expect(await readHeader(source, limits)).toMatchObject({
      format: 'png',
      width: 60,
      height: 40,
      pages: 1,
      pixels: 2_400,
      orientation: 6,
      hasProfile: true,
      space: 'srgb',
    });
  });

  test('counts the pixels of all frames of an animation, but of one page of a TIFF', async () => {
    const [gif, webp] = [await frames(5).gif().toBuffer(), await frames(5).webp().toBuffer()];
    expect(await readHeader(gif, limits)).toMatchObject({ pages: 5, pixels: 5 * 32 * 24 });
    expect(await readHeader(webp, limits)).toMatchObject({ pages: 5, pixels: 5 * 32 * 24 });
    const tiff = await frames(3).tiff().toBuffer();
    expect(await sharp(tiff).metadata()).toMatchObject({ pages: 3 });
    expect(await readHeader(tiff, limits)).toMatchObject({ pages: 1, pixels: 32 * 24 });
  });

  test('knows what a JPEG in several scans keeps in memory', async () => {
    const jpeg = (options: object) => scene(80, 80).jpeg(options).toBuffer();
    const kept = async (options: object) =>
      (await readHeader(await jpeg(options), limits)).coefficientBytes;
    expect(await kept({})).toBe(0);
    expect(await kept({ progressive: true })).toBe(3 * 6_400);
    expect(await kept({ progressive: true, chromaSubsampling: '4:4:4' })).toBe(6 * 6_400);
  });
});

describe('limits before decoding', () => {
  test('fails when a picture has too many pixels, by its header alone', async () => {
    const bomb = hollowPng(30_000, 30_000);
    expect(bomb.length).toBeLessThan(200);
    await expect(readHeader(bomb, limits)).rejects.toMatchObject({
      code: 'TooManyPixels',
      message: expect.stringContaining('30000 × 30000 = 900000000 pixels, the limit is 100000000'),
    });
  });

  test('fails when an animation has too many pixels over its frames', async () => {
    const source = await frames(5).gif().toBuffer();
    await expect(readHeader(source, { maxSourcePixels: 5 * 32 * 24 - 1 })).rejects.toMatchObject({
      code: 'TooManyPixels',
      message: expect.stringContaining('32 × 24 × 5 frames'),
    });
  });

  test('fails when an animation has too many frames', async () => {
    const source = await frames(MAX_SOURCE_PAGES + 1, 1, 1)
      .gif({ keepDuplicateFrames: true })
      .toBuffer();
    await expect(readHeader(source, limits)).rejects.toMatchObject({ code: 'TooManyPages' });
  });

  test('fails when a header is damaged', async () => {
    const png = hollowPng(10, 10).subarray(0, 20);
    await expect(readHeader(png, limits)).rejects.toMatchObject({
      code: 'Undecodable',
      message: expect.stringMatching(
        /^the picture is damaged or cut short \(libvips: [\x20-\x7e]+\)/,
      ),
    });
  });
});
