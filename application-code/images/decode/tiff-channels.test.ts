import sharp from 'sharp';
import { BLUE, colourAt, distance, GREEN, GREY, RED } from '../../../test/fakes/pictures/pictures';
import { render } from '../../../test/fakes/pictures/render';
import { quarterPixels, rgbPage, type TestPage, tiffOf } from '../../../test/fakes/pictures/tiffs';
import { estimateBytes } from '../memory/estimate';
import { sharedPasses } from '../render/passes';
import { planRenditions } from '../render/plan';
import { readHeader } from './header';
import { restrictLoaders } from './loaders';
import { TAG } from './tiff-directory';

/** All ways that a rendition takes: a master, and a decode of its own. */
const RECIPE = [
  { name: 'master', format: 'png' },
  { name: 'small', format: 'png', width: 16 },
  { name: 'direct', format: 'png', width: 40, keepMetadata: true },
] as const;
const extras = (...kinds: number[]) => ({ [TAG.extraSamples]: kinds });

beforeAll(restrictLoaders);

async function expectQuarters(
  page: TestPage,
  colours: readonly (readonly number[])[],
): Promise<void> {
  const { images } = await render(tiffOf([page]), RECIPE);
  const places = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ] as const;
  for (const { body } of images) {
    for (const [index, [across, down]] of places.entries()) {
      const seen = await colourAt(await sharp(body).toColourspace('srgb').toBuffer(), across, down);
      expect(seen).toHaveLength(colours[index]?.length ?? 0);
      expect(distance(seen, colours[index] ?? [])).toBeLessThan(4);
    }
  }
}

const OPAQUE = [RED, GREEN, BLUE, GREY];
const withAlpha = (alpha: number) => OPAQUE.map((colour) => [...colour, alpha]);

test.each<[string, readonly number[], TestPage['tags'], readonly (readonly number[])[]]>([
  ['one of an unknown meaning is dropped', [100], extras(0), OPAQUE],
  ['two of an unknown meaning are dropped', [100, 7], extras(0, 0), OPAQUE],
  ['transparency stays, and what is behind it is dropped', [100, 7], extras(2, 0), withAlpha(100)],
  ['transparency behind another one stays', [7, 100], extras(0, 2), withAlpha(100)],
  [
    'more channels than sharp takes are dropped',
    [100, 7, 8, 9],
    extras(2, 0, 0, 0),
    withAlpha(100),
  ],
  ['transparency alone stays as it is', [100], extras(2), withAlpha(100)],
  ['a fourth channel of which nothing is said is transparency', [100], {}, withAlpha(100)],
])('of channels behind RGB %s', async (_, behind, tags, colours) => {
  await expectQuarters(rgbPage(64, 48, behind, tags), colours);
});

test('channels of 16 bits are dropped, too, and the orientation is kept', async () => {
  const wide = { [TAG.bitsPerSample]: Array(5).fill(16), ...extras(2, 0), [TAG.orientation]: 3 };
  const page = rgbPage(64, 48, [100, 7], wide);
  const pixels = quarterPixels(64, 48, (colour) =>
    [...colour, 100, 7].flatMap((value) => [value, value]),
  );
  const { images } = await render(tiffOf([{ ...page, pixels }]), [
    { name: 'a', format: 'webp', lossless: true },
  ]);
  expect(
    distance(await colourAt(images[0]?.body ?? Buffer.alloc(0), 0.75, 0.75), [...RED, 100]),
  ).toBeLessThan(4);
});

test('channels behind grey are dropped', async () => {
  const tags = {
    [TAG.photometric]: 1,
    [TAG.samplesPerPixel]: 3,
    [TAG.bitsPerSample]: [8, 8, 8],
    ...extras(2, 0),
  };
  const pixels = quarterPixels(64, 48, ([red]) => [red, 255, 7]);
  const grey = OPAQUE.map(([red = 0]) => [red, red, red, 255]);
  await expectQuarters({ width: 64, height: 48, pixels, tags }, grey);
});

test('a spot colour behind CMYK is no transparency', async () => {
  const tags = {
    [TAG.photometric]: 5,
    [TAG.samplesPerPixel]: 5,
    [TAG.bitsPerSample]: Array(5).fill(8),
    ...extras(0),
  };
  const inks = (spot: readonly number[]) =>
    quarterPixels(64, 48, ([red, green, blue]) => [255 - red, 255 - green, 255 - blue, 0, ...spot]);
  const page = { width: 64, height: 48, pixels: inks([9]), tags };
  const four = {
    ...page,
    pixels: inks([]),
    tags: {
      ...tags,
      [TAG.samplesPerPixel]: 4,
      [TAG.bitsPerSample]: Array(4).fill(8),
      [TAG.extraSamples]: [],
    },
  };
  const spec = [{ name: 'a', format: 'png', width: 60 }] as const;
  const [spot, plain] = await Promise.all(
    [page, four].map(async (one) => (await render(tiffOf([one]), spec)).images[0]),
  );
  expect(spot?.body.equals(plain?.body ?? Buffer.alloc(0))).toBe(true);
});

test('memory is asked for all channels and for those that are kept', async () => {
  const bytes = async (behind: readonly number[], tags: TestPage['tags']) => {
    const header = await readHeader(tiffOf([rgbPage(64, 48, behind, tags)]), {
      maxSourcePixels: 1e6,
    });
    return estimateBytes(header, sharedPasses(header, planRenditions(RECIPE, header).planned));
  };
  const plain = await bytes([100], extras(2));
  expect((await bytes([100, 7], extras(2, 0))) - plain).toBeGreaterThanOrEqual(64 * 48 * (5 + 4));
});

test('fails when the channels have bits that cannot be picked', async () => {
  const page = rgbPage(64, 48, [100, 7], {
    ...extras(0, 0),
    [TAG.bitsPerSample]: Array(5).fill(32),
  });
  await expect(render(tiffOf([page]), RECIPE)).rejects.toMatchObject({
    code: 'UnsupportedFormat',
    message: expect.stringContaining('5 channels of 32 bits'),
  });
});

test('fails when strips are missing, as for any TIFF that is cut short', async () => {
  const page = rgbPage(64, 48, [100, 7], extras(0, 0));
  const source = tiffOf([{ ...page, pixels: page.pixels.subarray(0, 5_000) }]);
  await expect(render(source, RECIPE)).rejects.toMatchObject({ code: 'Undecodable' });
});

describe('samples without a known range', () => {
  const float = (toNumber: (value: number) => number) =>
    quarterPixels(64, 48, (colour) => Buffer.from(Float32Array.from(colour.map(toNumber)).buffer));
  const real = { [TAG.sampleFormat]: [3, 3, 3], [TAG.bitsPerSample]: [32, 32, 32] };

  test('do not exist in linear light, which becomes sRGB', async () => {
    const linear = float((value) =>
      value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    await expectQuarters({ ...rgbPage(64, 48, [], real), pixels: linear }, OPAQUE);
  });

  const grey = { [TAG.photometric]: 1, [TAG.samplesPerPixel]: 1, [TAG.bitsPerSample]: 32 };
  test.each<[string, TestPage, RegExp]>([
    [
      'real RGB up to 255',
      { ...rgbPage(64, 48, [], real), pixels: float((value) => value) },
      /on average, where white is 1/,
    ],
    [
      'real grey',
      {
        ...rgbPage(64, 48),
        pixels: float((value) => value / 255).subarray(0, 64 * 48 * 4),
        tags: { ...grey, [TAG.sampleFormat]: 3 },
      },
      /float samples/,
    ],
    [
      'whole numbers of 32 bits',
      { ...rgbPage(64, 48), pixels: Buffer.alloc(64 * 48 * 4, 9), tags: grey },
      /uint samples/,
    ],
    [
      'real numbers of 64 bits',
      {
        ...rgbPage(64, 48),
        pixels: Buffer.alloc(64 * 48 * 8),
        tags: { ...grey, [TAG.bitsPerSample]: 64, [TAG.sampleFormat]: 3 },
      },
      /64 bits/,
    ],
  ])('fails when they are %s', async (_, page, message) => {
    await expect(render(tiffOf([page]), RECIPE)).rejects.toMatchObject({
      code: 'UnsupportedFormat',
      message: expect.stringMatching(message),
    });
  });
});
