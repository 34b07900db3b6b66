import sharp from 'sharp';
import { frames, scene } from '../../../test/fakes/pictures/pictures';
import {
  METHODS,
  PICTURES,
  readReference,
  sampledPixels,
} from '../../../test/fakes/pictures/pillow/cases';
import { renderOne } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';
import { PRESET_NAMES, PRESETS } from '../presets';
import type { RenditionSpec } from '../recipe';

beforeAll(restrictLoaders);

const reference = readReference();

/** Of 255, over all channels of the sampled pixels. */
interface Difference {
  readonly mean: number;
  /** Above which lies one channel in a thousand. */
  readonly percentile999: number;
}

function differenceOf(actual: Uint8Array, expected: Uint8Array): Difference {
  expect(actual).toHaveLength(expected.length);
  const apart = actual.map((value, at) => abs(value - (expected[at] ?? Number.NaN))).sort();
  const mean = apart.reduce((sum, value) => sum + value, 0) / apart.length;
  return { mean, percentile999: apart[floor(0.999 * (apart.length - 1))] ?? Number.NaN };
}

// Within jest, each look-up of a global costs more than the rest of a pixel.
const { abs, floor } = Math;

async function rendered(source: Buffer, spec: RenditionSpec) {
  const { body, ...size } = await renderOne(source, spec);
  const { data, info } = await sharp(body).raw().toBuffer({ resolveWithObject: true });
  expect(size).toMatchObject({ width: info.width, height: info.height });
  return { data, info };
}

describe.each(PRESET_NAMES)('the preset %s', (preset) => {
  const [, side] = METHODS[preset];
  const [{ quality: _, ...spec } = { name: preset }] = PRESETS[preset];

  test.each(Object.keys(PICTURES))('makes of %s what Pillow makes', async (picture) => {
    const source = await PICTURES[picture]?.().toBuffer();
    const { data, info } = await rendered(source as Buffer, { ...spec, format: 'png' });
    expect(info).toMatchObject({ width: side, height: side, channels: 3 });
    const expected = Buffer.from(reference[picture]?.[preset] ?? '', 'base64');
    const { mean, percentile999 } = differenceOf(sampledPixels(data, side), expected);
    expect(mean).toBeLessThan(0.6);
    expect(percentile999).toBeLessThanOrEqual(2);
  });

  test('makes a JPEG of its size, whatever comes in', async () => {
    const sources = [
      scene(31, 800).webp(),
      scene(640, 480).greyscale().png(),
      scene(300, 200).ensureAlpha(0.5).toColourspace('rgb16').png(),
      frames(3).gif(),
      scene(1, 1).png(),
    ];
    for (const source of sources) {
      const [whole] = PRESETS[preset];
      const { body, width, height } = await renderOne(await source.toBuffer(), whole);
      const facts = await sharp(body).metadata();
      expect(facts).toMatchObject({ format: 'jpeg', width: side, height: side, space: 'srgb' });
      expect([width, height]).toEqual([side, side]);
    }
  });
});

/** Sizes that are reduced, enlarged, and enlarged on one side alone. */
const SIZES = [
  [431, 402],
  [90, 70],
  [201, 380],
  [400, 210],
] as const;

describe.each([2, 3, 4, 5, 6, 7, 8])('a picture of orientation %d', (orientation) => {
  test.each(SIZES)('of %d × %d is resampled as it is looked at', async (width, height) => {
    const stored = await scene(width, height).withMetadata({ orientation }).png().toBuffer();
    const upright = await sharp(stored).autoOrient().png().toBuffer();
    for (const preset of ['imagenet-224', 'inception-299'] as const) {
      const [{ quality: _, ...spec } = { name: preset }] = PRESETS[preset];
      const png = { ...spec, format: 'png' } as const;
      const { data } = await rendered(stored, png);
      const { mean, percentile999 } = differenceOf(data, (await rendered(upright, png)).data);
      expect(mean).toBeLessThan(0.5);
      expect(percentile999).toBeLessThanOrEqual(2);
    }
  });
});

test('an enlarged picture that is not opaque keeps its transparency', async () => {
  const source = await scene(90, 70).ensureAlpha(0.5).png().toBuffer();
  const spec = { name: 'a', width: 224, height: 224, resample: 'bilinear', format: 'png' } as const;
  const { data, info } = await rendered(source, spec);
  expect(info.channels).toBe(4);
  expect(Math.abs((data[4 * 224 * 112 + 4 * 112 + 3] ?? 0) - 128)).toBeLessThanOrEqual(1);
});

test('an animation is not resampled frame by frame, and says what to do', async () => {
  const spec = { width: 64, height: 64, resample: 'bilinear' } as const;
  const source = await frames(3).gif().toBuffer();
  await expect(renderOne(source, spec)).rejects.toMatchObject({
    code: 'RenditionImpossible',
    message: expect.stringContaining('asks for resample, which cannot be done frame by frame'),
  });
  const still = await renderOne(source, { ...spec, still: true });
  expect([still.width, still.height]).toEqual([64, 64]);
});
