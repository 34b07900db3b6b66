import sharp from 'sharp';
import { frames, scene } from '../../../test/fakes/pictures/pictures';
import { render, renderOne } from '../../../test/fakes/pictures/render';
import { readHeader, type SourceHeader } from '../decode/header';
import { restrictLoaders } from '../decode/loaders';
import type { Recipe, RenditionSpec } from '../recipe';
import { sharedPasses } from './passes';
import { planRenditions } from './plan';

beforeAll(restrictLoaders);

async function passesOf(source: Buffer, recipe: Recipe): Promise<string[][]> {
  const header: SourceHeader = await readHeader(source, { maxSourcePixels: 1e9 });
  return sharedPasses(header, planRenditions(recipe, header).planned).map((pass) =>
    pass.kind === 'direct' ? [pass.planned.spec.name] : pass.planned.map(({ spec }) => spec.name),
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

  test('of a photo costs the smaller ones nothing that is seen', async () => {
    const source = await scene(1_200, 900).png().toBuffer();
    const smaller: Recipe = [900, 500, 224].map((width) => ({
      name: `${width}`,
      width,
      format: 'png',
    }));
    const { images } = await render(source, [
      { name: 'l', width: 1_200, height: 400, format: 'png' },
      ...smaller,
    ]);
    for (const spec of smaller) {
      const shared = images.find(({ name }) => name === spec.name)?.body ?? Buffer.alloc(0);
      expect(await psnr(shared, (await renderOne(source, spec)).body)).toBeGreaterThan(43);
    }
  });

  test('makes every rendition in the size that it has alone', async () => {
    const source = await scene(601, 397).jpeg().toBuffer();
    const specs: Recipe = [
      { name: 'l', width: 433, withoutEnlargement: true },
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
