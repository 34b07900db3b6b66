import sharp from 'sharp';
import { canary } from '../canary';
import { COMMON } from '../rendition-options';
import { makeSamples, type PictureSample } from './samples';

let samples: readonly PictureSample[];

beforeAll(async () => {
  samples = await makeSamples();
});

describe('the samples', () => {
  test('are the same ones every time', async () => {
    const again = await makeSamples();
    expect(again.map(({ body }) => body.toString('base64'))).toEqual(
      samples.map(({ body }) => body.toString('base64')),
    );
  });

  test('have an orientation, a transparency, an animation and an encoded name', async () => {
    const metadata = await Promise.all(samples.map(({ body }) => sharp(body).metadata()));
    expect(metadata.map(({ format }) => format)).toEqual(samples.map(({ format }) => format));
    expect(metadata).toMatchObject([{ orientation: 6 }, { hasAlpha: true }, {}, { pages: 3 }]);
    expect(encodeURIComponent(samples[0]?.path ?? '')).not.toBe(samples[0]?.path);
    expect(samples.every(({ body }) => body.length < 100_000)).toBe(true);
  });
});

test('a sample remains for the canary at the bounds of every filter', async () => {
  const { minSourceSide, maxSourceAspectRatio } = COMMON;
  const spec = { name: 'train', minSourceSide: 900, maxSourceAspectRatio: 1.5 };
  expect([minSourceSide?.holds(901), maxSourceAspectRatio?.holds(1.49)]).toEqual([false, false]);
  const { samples } = await canary.prepare({ RECIPE: JSON.stringify([spec]) });
  expect(samples.map(({ path }) => path)).toEqual(['turned photo 1+2 é.jpg']);
});
