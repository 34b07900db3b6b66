import sharp from 'sharp';
import { colourAt, distance, frames, quarters, scene } from '../../../test/fakes/pictures/pictures';
import { render, renderOne } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';

beforeAll(restrictLoaders);

describe('animations', () => {
  test.each(['gif', 'webp'] as const)(
    'of a %s stay animated in GIF and WebP, with their times',
    async (format) => {
      const source = await frames(3)
        .toFormat(format, { delay: [50, 100, 150], loop: 2 })
        .toBuffer();
      for (const to of ['gif', 'webp'] as const) {
        for (const size of [{ width: 16 }, { width: 10, height: 10, position: 'attention' }]) {
          const { body, width, height } = await renderOne(source, { ...size, format: to });
          expect(await sharp(body).metadata()).toMatchObject({
            pages: 3,
            delay: [50, 100, 150],
            loop: 2,
          });
          expect([width, height]).toEqual([size.width, size.width === 16 ? 12 : 10]);
        }
      }
    },
  );

  test('give their first frame to formats that stand still', async () => {
    const source = await frames(3).gif().toBuffer();
    for (const format of ['jpeg', 'png', 'avif', 'tiff'] as const) {
      const { body, height } = await renderOne(source, { width: 16, format });
      expect([(await sharp(body).metadata()).pages ?? 1, height]).toEqual([1, 12]);
      expect(distance(await colourAt(body, 0.5, 0.5), [0, 40, 80])).toBeLessThanOrEqual(12);
    }
  });

  test('fail when their orientation turns them, unless the format stands still', async () => {
    const source = await frames(3).withMetadata({ orientation: 6 }).webp().toBuffer();
    await expect(renderOne(source)).rejects.toMatchObject({
      code: 'RenditionImpossible',
      message: /orientation 6/,
    });
    expect((await renderOne(source, { format: 'jpeg' })).width).toBe(24);
  });
});

describe('shapes', () => {
  test.each([
    ['1 × 1', 1, 1, [1, 1]],
    ['20,000 × 10', 20_000, 10, [224, 1]],
    ['10 × 20,000', 10, 20_000, [1, 224]],
  ])('%s is rendered', async (_, width, height, size) => {
    const source = await quarters(width, height).jpeg().toBuffer();
    const spec = { width: 224, height: 224, fit: 'inside', withoutEnlargement: true } as const;
    const image = await renderOne(source, spec);
    expect([image.width, image.height]).toEqual(size);
  });

  test('grey stays grey', async () => {
    const source = await scene(40, 30).greyscale().jpeg().toBuffer();
    const [r, g, b] = await colourAt((await renderOne(source, { width: 20 })).body, 0.5, 0.5);
    expect([g, b]).toEqual([r, r]);
  });

  test.each([
    ['jpeg', { height: 224 }, '448000 × 224 pixels, jpeg holds at most 65535 a side'],
    ['webp', { height: 10, format: 'webp' }, '20000 × 10 pixels, webp holds at most 16383 a side'],
    ['avif', { format: 'avif' }, '20000 × 10 pixels, avif holds at most 16384 a side'],
  ] as const)('fails when a rendition is larger than %s can hold', async (_, spec, sentence) => {
    const source = await quarters(20_000, 10).jpeg().toBuffer();
    await expect(renderOne(source, spec)).rejects.toMatchObject({
      code: 'RenditionImpossible',
      message: expect.stringContaining(sentence),
    });
  });
});

describe('a rendition that the recipe does without when it is impossible', () => {
  const skip = { ifImpossible: 'skip' } as const;
  const small = { name: 'small', width: 100 } as const;

  test.each([
    ['too large by its plan', { format: 'avif' }, 'holds at most 16384 a side'],
    [
      'too large for its encoder, beside others',
      { format: 'tiff', compression: 'webp' },
      'libvips: ',
    ],
    [
      'too large for its encoder, alone',
      { format: 'tiff', compression: 'webp', keepMetadata: true },
      'libvips: ',
    ],
  ] as const)('is skipped: %s', async (_, spec, because) => {
    const source = await quarters(20_000, 10).jpeg().toBuffer();
    const { images, skipped } = await render(source, [{ name: 'big', ...spec, ...skip }, small]);
    expect(images.map(({ name }) => name)).toEqual(['small']);
    expect(skipped).toEqual([{ name: 'big', because: expect.stringContaining(because) }]);
  });

  test('is skipped when it would turn an animation', async () => {
    const source = await frames(3).withMetadata({ orientation: 6 }).webp().toBuffer();
    const { images, skipped } = await render(source, [
      { name: 'moving', ...skip },
      { name: 'still', format: 'png' },
    ]);
    expect([images.map(({ name }) => name), skipped.map(({ name }) => name)]).toEqual([
      ['still'],
      ['moving'],
    ]);
  });

  test('fails when no rendition is left, or another one is impossible', async () => {
    const source = await quarters(20_000, 10).jpeg().toBuffer();
    const encoder = { format: 'tiff', compression: 'webp' } as const;
    for (const recipe of [
      [{ name: 'a', format: 'avif', ...skip }],
      [{ name: 'a', ...encoder, ...skip }],
      [{ name: 'a', format: 'avif', ...skip }, { name: 'b', format: 'avif' }, small],
      [{ name: 'a', ...encoder, ifImpossible: 'fail' }, small],
    ] as const)
      await expect(render(source, recipe)).rejects.toMatchObject({ code: 'RenditionImpossible' });
  });

  test('does not excuse a source that is damaged', async () => {
    const source = await scene(300, 200).jpeg().toBuffer();
    const cut = source.subarray(0, source.length / 2);
    await expect(renderOne(cut, skip)).rejects.toMatchObject({ code: 'Undecodable' });
  });
});

test('the same source becomes the same bytes again', async () => {
  const source = await scene(300, 200).jpeg().toBuffer();
  const recipe = [
    { name: 'a', width: 100, format: 'webp' },
    { name: 'b', width: 50 },
  ] as const;
  const [first, second] = [await render(source, recipe), await render(source, recipe)];
  expect(first.images.map(({ body }) => body)).toEqual(second.images.map(({ body }) => body));
});
