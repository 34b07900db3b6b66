import sharp from 'sharp';
import { colourAt, distance } from '../../../test/fakes/pictures/pictures';
import { renderOne } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';

beforeAll(restrictLoaders);

const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
/** A red that sRGB has not: Display P3's own. */
const WIDE_RED = [255, 0, 0];
/** sRGB's red in numbers of Display P3: https://www.w3.org/TR/css-color-4/#color-conversion */
const SRGB_RED_IN_P3 = [234, 51, 35];

const field = (colour: readonly number[]) =>
  sharp(Buffer.from(Array.from({ length: 48 * 48 }, () => colour).flat()), {
    raw: { width: 48, height: 48, channels: 3 },
  });

/** A picture whose numbers are Display P3's, in 8 or 16 bits. */
async function wideRed(bits: 8 | 16): Promise<Buffer> {
  const tagged = await field(WIDE_RED)
    .withIccProfile('p3')
    .tiff({ compression: 'none' })
    .toBuffer();
  // The numbers that sharp has converted, back to what they were.
  const [red, green, blue] = await colourAt(tagged, 0.5, 0.5);
  const pixel = Buffer.from([red ?? 0, green ?? 0, blue ?? 0]);
  for (let at = tagged.indexOf(pixel); at >= 0; at = tagged.indexOf(pixel, at + 3))
    tagged.set(WIDE_RED, at);
  if (bits === 8) return tagged;
  return sharp(tagged, { ignoreIcc: true })
    .toColourspace('rgb16')
    .keepIccProfile()
    .png()
    .toBuffer();
}

const hasProfile = async (picture: Buffer) => (await sharp(picture).metadata()).icc !== undefined;

describe.each(FORMATS)('in Display P3, as %s', (format) => {
  const spec = { format, width: 24, colourSpace: 'p3' } as const;

  test.each([8, 16] as const)('a red beyond sRGB stays what it is, in %d bits', async (bits) => {
    const { body } = await renderOne(await wideRed(bits), spec);
    expect(distance(await colourAt(body, 0.5, 0.5), WIDE_RED)).toBeLessThanOrEqual(4);
    expect(await hasProfile(body)).toBe(true);
  });

  test.each(['srgb', 'rgb16'])('a red of sRGB looks as before, from %s', async (space) => {
    const source = await field([255, 0, 0]).toColourspace(space).png().toBuffer();
    const { body } = await renderOne(source, spec);
    expect(distance(await colourAt(body, 0.5, 0.5), SRGB_RED_IN_P3)).toBeLessThanOrEqual(4);
    expect(await hasProfile(body)).toBe(true);
  });
});

describe('in sRGB', () => {
  test.each(['none', 'icc', 'all'] as const)(
    'colours become sRGB although %s is kept, and a profile says so where one is kept',
    async (metadata) => {
      const spec = { format: 'png', colourSpace: 'srgb', metadata } as const;
      const { body } = await renderOne(
        await field([200, 60, 50]).withIccProfile('p3').png().toBuffer(),
        spec,
      );
      expect(distance(await colourAt(body, 0.5, 0.5), [200, 60, 50])).toBeLessThanOrEqual(2);
      expect(await hasProfile(body)).toBe(metadata !== 'none');
    },
  );

  test('a source that stays a GIF stays sRGB, since it holds no profile', async () => {
    const source = await field([200, 60, 50]).gif().toBuffer();
    const { body } = await renderOne(source, { colourSpace: 'p3' });
    expect(distance(await colourAt(body, 0.5, 0.5), [200, 60, 50])).toBeLessThanOrEqual(6);
  });

  test.each(['none', 'icc'] as const)(
    'linear light changes no colour under a profile, with %s kept',
    async (metadata) => {
      const source = await wideRed(8);
      const { body } = await renderOne(source, { format: 'png', width: 24, gamma: true, metadata });
      const expected = metadata === 'icc' ? WIDE_RED : [255, 0, 0];
      expect(distance(await colourAt(body, 0.5, 0.5), expected)).toBeLessThanOrEqual(3);
    },
  );
});
