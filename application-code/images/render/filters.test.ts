import sharp from 'sharp';
import {
  colourAt,
  distance,
  frames,
  quarters,
  RED,
  scene,
} from '../../../test/fakes/pictures/pictures';
import { render, renderOne } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';
import { FORMATS } from '../formats';
import type { RenditionSpec } from '../recipe';

beforeAll(restrictLoaders);

const PNG = { format: 'png' } as const;

/** Black at the left, white at the right, 100 pixels each. */
const edge = () =>
  sharp(Buffer.from(Array.from({ length: 200 * 60 }, (_, at) => (at % 200 < 100 ? 0 : 255))), {
    raw: { width: 200, height: 60, channels: 1 },
  })
    .toColourspace('srgb')
    .png()
    .toBuffer();

/** The middle row, its first channel. */
async function rowOf(picture: Buffer): Promise<number[]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const start = Math.floor(info.height / 2) * info.width * info.channels;
  return Array.from({ length: info.width }, (_, x) => data[start + x * info.channels] ?? 0);
}

/** The share of a normal distribution below `x`, by a sum. */
function normalBelow(x: number): number {
  const density = (at: number) => Math.exp(-(at * at) / 2) / Math.sqrt(2 * Math.PI);
  const steps = Array.from({ length: 2_000 }, (_, step) => -6 + ((x + 6) * (step + 0.5)) / 2_000);
  return steps.reduce((sum, at) => sum + (density(at) * (x + 6)) / 2_000, 0);
}

/** Luminance of an sRGB colour, by https://www.w3.org/TR/WCAG21/#dfn-relative-luminance. */
function greyOf(colour: readonly number[]): number {
  const light = colour.map((value) =>
    value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  const [red = 0, green = 0, blue = 0] = light;
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 255 * (1.055 * luminance ** (1 / 2.4) - 0.055);
}

describe('greyscale', () => {
  test.each(FORMATS)('has the luminance of each colour, as %s', async (format) => {
    const source = await quarters().png().toBuffer();
    const { body } = await renderOne(source, { format, greyscale: true });
    const found = await colourAt(body, 0.25, 0.25);
    const grey = greyOf(RED);
    expect(distance(found, [grey, grey, grey].slice(0, found.length))).toBeLessThanOrEqual(6);
  });
});

describe('blur', () => {
  test('makes of an edge the integral of a Gaussian of its sigma', async () => {
    const { body } = await renderOne(await edge(), { ...PNG, blur: 6 });
    const row = await rowOf(body);
    for (const away of [-12, -6, -3, 0, 3, 6, 12]) {
      const expected = 255 * normalBelow((away + 0.5) / 6);
      expect(Math.abs((row[100 + away] ?? 0) - expected)).toBeLessThanOrEqual(10);
    }
  });

  test('as `true` averages three by three pixels', async () => {
    const { body } = await renderOne(await edge(), { ...PNG, blur: true });
    expect((await rowOf(body)).slice(97, 103)).toEqual([0, 0, 85, 170, 255, 255]);
  });
});

describe('sharpen', () => {
  test.each<RenditionSpec['sharpen']>([true, { sigma: 2 }, { sigma: 1, m2: 5 }])(
    'makes an edge steeper and leaves fields alone, by %j',
    async (sharpen) => {
      const source = await sharp(await edge())
        .linear(0.5, 60)
        .blur(2)
        .png()
        .toBuffer();
      const [before, after] = [await rowOf(source), await rowOf(await sharpened(source, sharpen))];
      const steepest = (row: readonly number[]) =>
        Math.max(...row.slice(1).map((value, at) => value - (row[at] ?? 0)));
      expect(steepest(after)).toBeGreaterThan(steepest(before));
      for (const at of [20, 180])
        expect(Math.abs((after[at] ?? 0) - (before[at] ?? 0))).toBeLessThanOrEqual(1);
    },
  );

  const sharpened = async (source: Buffer, sharpen: RenditionSpec['sharpen']) =>
    (await renderOne(source, { ...PNG, ...(sharpen && { sharpen }) })).body;
});

describe('gamma', () => {
  const board = () => {
    const pixels = Array.from({ length: 128 * 128 }, (_, at) =>
      (at + Math.floor(at / 128)) % 2 ? 255 : 0,
    );
    const raw = { width: 128, height: 128, channels: 1 as const };
    return sharp(Buffer.from(pixels), { raw }).toColourspace('srgb').png().toBuffer();
  };

  test.each([
    [undefined, 0.5],
    [true, 0.5 ** (1 / 2.2)],
    [3, 0.5 ** (1 / 3)],
  ] as const)('%s makes black and white in equal parts %d of white', async (gamma, part) => {
    const { body } = await renderOne(await board(), { ...PNG, width: 32, ...(gamma && { gamma }) });
    expect(distance(await colourAt(body, 0.5, 0.5), [255 * part])).toBeLessThanOrEqual(2);
  });

  test.each(['srgb', 'b-w'])('leaves no bands in the dark of %s', async (space) => {
    const dark = Array.from({ length: 256 * 16 }, (_, at) => (at % 256) / 8);
    const raw = { width: 256, height: 16, channels: 1 as const };
    const source = await sharp(Buffer.from(dark), { raw }).toColourspace(space).png().toBuffer();
    const { body } = await renderOne(source, { ...PNG, width: 128, gamma: true });
    const row = await rowOf(body);
    for (const [at, value] of row.entries())
      expect(Math.abs(value - at / 4)).toBeLessThanOrEqual(2);
  });
});

describe('trim', () => {
  /** Quarters of 64 × 48 pixels with a white border, wider at the left. */
  const framed = () =>
    quarters().extend({ left: 40, right: 20, top: 10, bottom: 30, background: '#fff' });

  test.each(FORMATS.filter((format) => format !== 'gif'))(
    'cuts off the border and nothing else, from a %s',
    async (format) => {
      const source = await framed().toFormat(format, { quality: 95 }).toBuffer();
      const { body, width, height } = await renderOne(source, { ...PNG, trim: true });
      expect(Math.abs(width - 64) + Math.abs(height - 48)).toBeLessThanOrEqual(4);
      expect(distance(await colourAt(body, 0.25, 0.25), RED)).toBeLessThanOrEqual(15);
    },
  );

  test('comes before the resize, and leaves the margin that is asked for', async () => {
    const source = await framed().png().toBuffer();
    const trim = { background: '#fff', threshold: 20, margin: 4 };
    const box = { width: 36, height: 36, fit: 'inside', trim } as const;
    const { width, height } = await renderOne(source, { ...PNG, ...box });
    expect([width, height]).toEqual([36, 28]);
  });

  test('looks at the picture upright', async () => {
    const source = await framed().withMetadata({ orientation: 6 }).png().toBuffer();
    const { body, width, height } = await renderOne(source, { ...PNG, trim: true });
    expect([width, height]).toEqual([48, 64]);
    expect(distance(await colourAt(body, 0.75, 0.25), RED)).toBeLessThanOrEqual(4);
  });

  test('leaves a picture of one colour as it is', async () => {
    const source = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#369' } })
      .png()
      .toBuffer();
    expect(await renderOne(source, { trim: true })).toMatchObject({ width: 9, height: 9 });
  });
});

test('several renditions of a source have the filters of each, and no other has them', async () => {
  const source = await scene(900, 600).png().toBuffer();
  const recipe: readonly RenditionSpec[] = [
    { name: 'large', width: 800, ...PNG },
    { name: 'grey', width: 400, ...PNG, greyscale: true },
    { name: 'blurred', width: 300, ...PNG, blur: 4 },
    { name: 'sharp', width: 200, ...PNG, sharpen: { sigma: 2 } },
    { name: 'light', width: 200, ...PNG, gamma: true },
    { name: 'trimmed', width: 200, height: 200, ...PNG, trim: true },
  ];
  const together = (await render(source, recipe)).images;
  expect(together).toHaveLength(recipe.length);
  for (const { name, body } of together) {
    const spec = recipe.find((one) => one.name === name) ?? { name };
    const alone = await renderOne(source, spec);
    const [a, b] = await Promise.all([body, alone.body].map((one) => sharp(one).raw().toBuffer()));
    const apart = a?.reduce((sum, value, at) => sum + Math.abs(value - (b?.[at] ?? 0)), 0) ?? 0;
    expect(apart / (a?.length ?? 1)).toBeLessThan(2);
  }
});

describe('of an animation', () => {
  const animation = () => frames(3).gif().toBuffer();

  test.each(['gif', 'webp'] as const)('`still` is the first frame, as %s', async (format) => {
    const { body } = await renderOne(await animation(), { format, width: 16, still: true });
    expect((await sharp(body).metadata()).pages ?? 1).toBe(1);
    expect(distance(await colourAt(body, 0.5, 0.5), [0, 40, 80])).toBeLessThanOrEqual(12);
  });

  test.each([{ trim: true }, { blur: 3 }, { sharpen: true }])(
    'fails with %j, unless it stands still',
    async (filter) => {
      const source = await animation();
      await expect(renderOne(source, filter)).rejects.toMatchObject({
        code: 'RenditionImpossible',
        message: expect.stringContaining('cannot be done frame by frame; add "still": true'),
      });
      for (const still of [{ still: true }, { format: 'jpeg' as const }])
        expect(await renderOne(source, { ...filter, ...still })).toMatchObject({ width: 32 });
    },
  );

  test('greyscale and gamma are those of every frame', async () => {
    const source = await animation();
    const { body } = await renderOne(source, { greyscale: true, gamma: true, width: 16 });
    expect(await sharp(body).metadata()).toMatchObject({ pages: 3, width: 16 });
    const [red = 0, green = 0, blue = 0] = await colourAt(body, 0.5, 0.5);
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThanOrEqual(2);
  });
});
