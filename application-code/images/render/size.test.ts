import fc from 'fast-check';
import sharp from 'sharp';
import { renderOne } from '../../../test/fakes/pictures/render';
import type { RenditionSpec } from '../recipe';
import { resizedSize } from './size';

async function bySharp({ name: _, ...options }: RenditionSpec, width: number, height: number) {
  const source = sharp({ create: { width, height, channels: 3, background: '#123' } });
  const { info } = await source.resize(options).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height };
}

const fits = fc.constantFrom('cover', 'contain', 'fill', 'inside', 'outside');

describe('the size of a rendition', () => {
  test('is the size that sharp makes, whatever the fit, except for half a pixel', async () => {
    const side = fc.integer({ min: 1, max: 300 });
    const spec = fc.record(
      {
        name: fc.constant('a'),
        width: side,
        height: side,
        fit: fits,
        withoutEnlargement: fc.boolean(),
        withoutReduction: fc.boolean(),
      },
      { requiredKeys: ['name'] },
    );
    const agrees = fc.asyncProperty(spec, side, side, async (given, width, height) => {
      fc.pre(given.width !== undefined || given.height !== undefined);
      const expected = await bySharp(given as RenditionSpec, width, height);
      const planned = resizedSize(given as RenditionSpec, { width, height });
      const isHalf = (pixels: number) =>
        [(given.width ?? 0) / width, (given.height ?? 0) / height].some(
          (scale) => Math.abs(((pixels * scale) % 1) - 0.5) < 1e-9,
        );
      expect(Math.abs(planned.width - expected.width)).toBeLessThanOrEqual(isHalf(width) ? 1 : 0);
      expect(Math.abs(planned.height - expected.height)).toBeLessThanOrEqual(
        isHalf(height) ? 1 : 0,
      );
    });
    await fc.assert(agrees, { numRuns: 300 });
  });

  test('is what is written when it is resampled, whatever fit and proportions', async () => {
    const side = fc.integer({ min: 1, max: 120 });
    const crop = fc.oneof(
      fc.constant({}),
      fc.record({ fit: fits, centralFraction: fc.constantFrom(0.01, 0.5, 0.875, 1) }),
      fc.record({ shorterSide: fc.integer({ min: 60, max: 90 }) }),
    );
    const frame = fc.record({ width: fc.integer({ min: 1, max: 60 }), height: fc.constant(37) });
    const agrees = fc.asyncProperty(crop, frame, side, side, async (cropped, framed, ...source) => {
      const [width, height] = source;
      const create = { width, height, channels: 3, background: '#123' } as const;
      const spec = { ...cropped, ...framed, resample: 'bilinear', format: 'png' } as const;
      const { body, ...planned } = await renderOne(
        await sharp({ create }).png().toBuffer(),
        spec as RenditionSpec,
      );
      expect(await sharp(body).metadata()).toMatchObject({
        width: planned.width,
        height: planned.height,
      });
      const isFramed = !['inside', 'outside'].includes('fit' in cropped ? cropped.fit : 'cover');
      if (isFramed) expect(planned).toMatchObject(framed);
    });
    await fc.assert(agrees, { numRuns: 200 });
  });

  test.each([
    ['a half that sharp rounds down', { height: 279 }, { width: 1, height: 6 }, [46, 279]],
    ['a half that sharp rounds up', { width: 251 }, { width: 4, height: 6 }, [251, 377]],
  ] as const)('%s', async (_, spec, source, [width, height]) => {
    expect(await bySharp({ name: 'a', ...spec }, source.width, source.height)).toEqual({
      width,
      height,
    });
    expect(resizedSize({ name: 'a', ...spec }, source)).toMatchObject({ width, height });
  });

  test.each([
    ['a panorama keeps a pixel of height', { width: 224, height: 224, fit: 'inside' }, [224, 1]],
    ['cover crops and remembers what it crops from', { width: 224, height: 224 }, [224, 224]],
    ['no size keeps the source’s', {}, [20_000, 10]],
    ['a height alone decides the width', { height: 5 }, [10_000, 5]],
    ['a width alone leaves the height of fill', { width: 5, fit: 'fill' }, [5, 10]],
  ] as const)('%s', (_, spec, [width, height]) => {
    const source = { width: 20_000, height: 10 };
    expect(resizedSize({ name: 'a', ...spec }, source)).toMatchObject({ width, height });
  });
});
