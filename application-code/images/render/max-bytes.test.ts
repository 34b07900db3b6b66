import sharp from 'sharp';
import { scene } from '../../../test/fakes/pictures/pictures';
import { render, renderOne } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';
import { fitBytes } from './max-bytes';
import type { PlannedRendition } from './plan';

beforeAll(restrictLoaders);

const { signal } = new AbortController();
const source = () => scene(600, 400).png().toBuffer();

describe.each(['jpeg', 'webp', 'avif'] as const)('maxBytes of a %s', (format) => {
  const size = { width: 300, format } as const;
  const sizeAt = async (quality: number) =>
    (
      await sharp(await source())
        .resize(300)
        .toFormat(format, { quality })
        .toBuffer()
    ).length;

  test('lowers the quality as far as it must, and says so', async () => {
    const maxBytes = await sizeAt(30);
    const image = await renderOne(await source(), { ...size, maxBytes });
    expect(image.body.length).toBeLessThanOrEqual(maxBytes);
    const { loweredQuality = 0 } = image;
    expect(loweredQuality).toBeGreaterThanOrEqual(30);
    expect(await sizeAt(loweredQuality + 1)).toBeGreaterThan(maxBytes);
    expect(image.metadata).toEqual({ 'lowered-quality': String(loweredQuality) });
  });

  test('leaves alone what fits', async () => {
    const image = await renderOne(await source(), { ...size, maxBytes: 1_000_000 });
    expect(image.body).toEqual((await renderOne(await source(), size)).body);
    expect(image.metadata).toBeUndefined();
  });

  test('fails when nothing fits, unless the recipe does without', async () => {
    const tiny = { name: 'tiny', ...size, maxBytes: 100 };
    await expect(render(await source(), [tiny])).rejects.toMatchObject({
      code: 'RenditionImpossible',
      message: expect.stringMatching(
        /^rendition tiny has \d+ bytes at its lowest quality, and maxBytes is 100; raise maxBytes/,
      ),
    });
    const { images, skipped } = await render(await source(), [
      { ...tiny, ifImpossible: 'skip' },
      { name: 'other', width: 50 },
    ]);
    expect(images.map(({ name }) => name)).toEqual(['other']);
    expect(skipped).toMatchObject([{ name: 'tiny' }]);
  });
});

test('maxBytes keeps the frames of an animation', async () => {
  const pixels = await scene(320, 720).raw().toBuffer();
  const raw = { width: 320, height: 720, channels: 3 as const, pageHeight: 240 };
  const source = await sharp(pixels, { raw }).gif().toBuffer();
  const full = await renderOne(source, { format: 'webp', quality: 100 });
  const maxBytes = Math.round(full.body.length / 2);
  const { body } = await renderOne(source, { format: 'webp', quality: 100, maxBytes });
  expect(body.length).toBeLessThanOrEqual(maxBytes);
  expect((await sharp(body).metadata()).pages).toBe(3);
});

describe('the search for a quality', () => {
  /** A file of as many bytes as ten times its quality. */
  const search = async (maxBytes: number, quality?: number) => {
    const tried: number[] = [];
    const planned = { spec: { maxBytes, quality }, format: 'jpeg' } as unknown as PlannedRendition;
    const make = async ({ spec }: PlannedRendition) => {
      tried.push(spec.quality ?? 80);
      return { data: Buffer.alloc(10 * (spec.quality ?? 80)) };
    };
    return { fitted: await fitBytes(planned, make, signal), tried };
  };

  test('finds the highest one that fits, for every limit and quality, in eight tries', async () => {
    for (const wanted of [1, 2, 37, 80, 100])
      for (let best = 1; best < wanted; best += 1) {
        const { fitted, tried } = await search(10 * best + 5, wanted);
        expect(fitted).toMatchObject({ loweredQuality: best });
        expect(tried.length).toBeLessThanOrEqual(8);
      }
  });

  test('has the bytes of quality 1 when that does not fit either', async () => {
    expect((await search(9)).fitted).toEqual({ tooManyBytes: 10 });
    expect((await search(9, 1)).fitted).toEqual({ tooManyBytes: 10 });
  });

  test('ends with its job', async () => {
    const job = new AbortController();
    const planned = { spec: { maxBytes: 1 }, format: 'jpeg' } as PlannedRendition;
    const make = async () => {
      job.abort(new Error('the job is over'));
      return { data: Buffer.alloc(9) };
    };
    await expect(fitBytes(planned, make, job.signal)).rejects.toThrow('the job is over');
  });
});
