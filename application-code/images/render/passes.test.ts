import sharp from 'sharp';
import { frames, scene } from '../../../test/fakes/pictures/pictures';
import { render, renderOne } from '../../../test/fakes/pictures/render';
import { readHeader, type SourceHeader } from '../decode/header';
import { restrictLoaders } from '../decode/loaders';
import type { Recipe, RenditionSpec } from '../recipe';
import { plannedOf, sharedPasses } from './passes';
import { type PlannedRendition, planRenditions } from './plan';

beforeAll(restrictLoaders);

async function passesOf(source: Buffer, recipe: Recipe): Promise<string[][]> {
  const header: SourceHeader = await readHeader(source, { maxSourcePixels: 1e9 });
  return sharedPasses(header, planRenditions(recipe, header).planned).map((pass) =>
    plannedOf(pass).map(({ spec }) => spec.name),
  );
}

const named = (specs: Record<string, Omit<RenditionSpec, 'name'>>): Recipe =>
  Object.entries(specs).map(([name, spec]) => ({ name, ...spec }));

describe('renditions share a decode', () => {
  const large = { width: 400 };
  test.each([
    ['when the others are clearly smaller', { large, small: { width: 300 } }, [['large', 'small']]],
    [
      'when they are of one size',
      { large, webp: { width: 400, format: 'webp' } },
      [['large', 'webp']],
    ],
    [
      'when the largest is the source itself',
      { whole: {}, nearly: { width: 590 } },
      [['whole', 'nearly']],
    ],
    [
      'but not when one is nearly as large',
      { large, nearly: { width: 390 } },
      [['large'], ['nearly']],
    ],
    [
      'but not to enlarge',
      { large, huge: { width: 700 }, small: { width: 40 } },
      [['large', 'small'], ['huge']],
    ],
    [
      'but not when metadata is kept',
      { large, kept: { width: 40, keepMetadata: true } },
      [['large'], ['kept']],
    ],
    [
      'but not when proportions change',
      { large, flat: { width: 40, height: 9, fit: 'fill' } },
      [['large'], ['flat']],
    ],
    [
      'but not when Pillow’s pixels are wanted',
      { large, net: { width: 40, height: 40, resample: 'bilinear' } },
      [['large'], ['net']],
    ],
    [
      'but not with another kernel',
      { large, hard: { width: 40, kernel: 'nearest' } },
      [['large'], ['hard']],
    ],
  ] as const)('%s', async (_, specs, passes) => {
    const source = await scene(600, 400).png().toBuffer();
    expect(await passesOf(source, named(specs))).toEqual(passes);
  });

  test('but not those that are animated', async () => {
    const source = await frames(3).gif().toBuffer();
    const recipe = named({
      moving: {},
      still: { format: 'png' },
      small: { format: 'png', width: 9 },
    });
    expect(await passesOf(source, recipe)).toEqual([['still', 'small'], ['moving']]);
  });
});

describe('small renditions are made through a smaller master', () => {
  const screen = { width: 1_600 };
  const page = { width: 960 };
  test.each([
    [
      'each of the one before',
      { small: { width: 224 }, page, screen, card: { width: 480 } },
      [['screen'], ['page'], ['card', 'small']],
    ],
    [
      'but not the one that is nearly as large',
      { screen, page, close: { width: 800 }, small: { width: 224 }, card: { width: 480 } },
      [['screen', 'close'], ['page'], ['card', 'small']],
    ],
    [
      'when they are cropped, too',
      { screen, square: { width: 700, height: 700 }, icons: { width: 90 }, small: { width: 224 } },
      [['screen'], ['square'], ['small', 'icons']],
    ],
    [
      'also of the second one that is smaller, where the first saves little',
      { screen, nearly: { width: 1_200 }, card: { width: 480 }, small: { width: 224 } },
      [
        ['screen', 'nearly'],
        ['card', 'small'],
      ],
    ],
    ['but not for one alone', { screen, page }, [['screen', 'page']]],
    [
      'but not when little is saved',
      { screen, nearly: { width: 1_200 }, small: { width: 224 } },
      [['screen', 'nearly', 'small']],
    ],
  ] as const)('%s', async (_, specs, masters) => {
    const source = await scene(2_400, 1_600).jpeg().toBuffer();
    const header = await readHeader(source, { maxSourcePixels: 1e9 });
    const [pass, ...others] = sharedPasses(header, planRenditions(named(specs), header).planned);
    const names = (planned: readonly PlannedRendition[]) => planned.map(({ spec }) => spec.name);
    expect(others).toEqual([]);
    expect(pass?.kind === 'master' && pass.masters.map(({ planned }) => names(planned))).toEqual(
      masters,
    );
  });
});

describe('a shared decode', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)(
    'of a %s changes nothing of the largest',
    async (format) => {
      const source = await scene(600, 400).toFormat(format).toBuffer();
      const largest = { name: 'l', width: 401, format: 'png' } as const;
      const { images } = await render(source, [{ name: 's', width: 100, format: 'png' }, largest]);
      const pixels = (body: Buffer) => sharp(body).raw().toBuffer();
      const shared = images.find(({ name }) => name === 'l')?.body ?? Buffer.alloc(0);
      const alone = await pixels((await renderOne(source, largest)).body);
      expect((await pixels(shared)).equals(alone)).toBe(true);
    },
  );

  test.each([
    [
      [1_200, 900],
      [900, 500, 224],
    ],
    [
      [2_000, 1_500],
      [960, 480, 224],
    ],
  ] as const)('of a photo of %j costs %j nothing that is seen', async ([width, height], widths) => {
    const source = await scene(width, height).png().toBuffer();
    const smaller: Recipe = widths.map((width) => ({ name: `${width}`, width, format: 'png' }));
    const { images } = await render(source, [
      { name: 'l', width, height: 400, format: 'png' },
      ...smaller,
    ]);
    for (const spec of smaller) {
      const shared = images.find(({ name }) => name === spec.name)?.body ?? Buffer.alloc(0);
      expect(await psnr(shared, (await renderOne(source, spec)).body)).toBeGreaterThan(43);
    }
  });

  test.each([
    [601, 397, 433],
    [2_404, 1_588, 1_732],
  ])('makes every rendition of %i × %i in the size that it has alone', async (...size) => {
    const [width, height, largest] = size;
    const source = await scene(width, height).jpeg().toBuffer();
    const specs: Recipe = [
      { name: 'l', width: largest, withoutEnlargement: true },
      { name: 'inside', width: 211, height: 211, fit: 'inside' },
      { name: 'cover', width: 101, height: 201, position: 'attention', withoutEnlargement: true },
      { name: 'contain', width: 151, height: 151, fit: 'contain', background: '#fff' },
      { name: 'height', height: 77 },
    ];
    const { images } = await render(source, specs);
    for (const { name, width, height } of images) {
      const spec = specs.find((candidate) => candidate.name === name) ?? { name };
      expect({ name, width, height }).toMatchObject({
        name,
        ...sizeOf(await renderOne(source, spec)),
      });
    }
  });
});

function sizeOf({ width, height }: { width: number; height: number }) {
  return { width, height };
}

async function psnr(a: Buffer, b: Buffer): Promise<number> {
  const [left, right] = [await sharp(a).raw().toBuffer(), await sharp(b).raw().toBuffer()];
  expect(left.length).toBe(right.length);
  const squares = left.reduce((sum, value, index) => sum + (value - (right[index] ?? 0)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (squares / left.length));
}
