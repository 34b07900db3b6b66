import type { SourceHeader } from '../decode/header';
import type { RenditionSpec } from '../recipe';
import { directPasses, sharedPasses } from '../render/passes';
import { planRenditions } from '../render/plan';
import { estimateBytes, MIB } from './estimate';

/** 16 megapixels. */
const SOURCE: SourceHeader = {
  format: 'jpeg',
  width: 4_000,
  height: 4_000,
  pages: 1,
  pixels: 16_000_000,
  channels: 3,
  bytesPerChannel: 1,
  orientation: 1,
  interlaced: false,
  coefficientBytes: 0,
  space: 'srgb',
  hasAlpha: false,
  hasProfile: false,
};

function estimate(spec: Omit<RenditionSpec, 'name'>, source: Partial<SourceHeader> = {}): number {
  const header = { ...SOURCE, ...source };
  const { planned } = planRenditions([{ name: 'a', ...spec }], header);
  return estimateBytes(header, directPasses(planned)) / MIB;
}

const INSIDE = { width: 224, height: 224, fit: 'inside' } as const;
const PNG_16_BITS = { format: 'png', bytesPerChannel: 2, space: 'rgb16' } as const;
const RESAMPLED = { width: 224, height: 224, resample: 'bilinear', format: 'jpeg' } as const;
const PNG_4_MEGAPIXELS = { format: 'png', width: 2_000, height: 2_000 } as const;
const PNG_ALPHA = { format: 'png', channels: 4, hasAlpha: true } as const;

describe('no rendition is estimated below what was measured, in MiB', () => {
  test.each<[Omit<RenditionSpec, 'name'>, Partial<SourceHeader>, number]>([
    [{ ...INSIDE, trim: true }, {}, 53],
    [{ ...INSIDE, trim: true }, { orientation: 6 }, 56],
    [{ ...INSIDE, trim: true }, PNG_ALPHA, 70],
    [{ ...INSIDE, trim: true }, PNG_16_BITS, 104],
    [{ ...INSIDE, trim: true }, { format: 'webp' }, 159],
    [{ width: 224, gamma: true }, {}, 35],
    [{ width: 224, gamma: true }, PNG_ALPHA, 53],
    [{ width: 224, gamma: true }, { format: 'webp' }, 141],
    [{ width: 224, colourSpace: 'p3' }, { hasProfile: true }, 34],
    [{ blur: 100 }, {}, 148],
    [{ blur: 100, format: 'jpeg' }, PNG_16_BITS, 189],
    [{ sharpen: { sigma: 10 } }, { orientation: 6 }, 152],
    [{ gamma: true }, { orientation: 6 }, 197],
    [{ maxBytes: 500_000, format: 'jpeg' }, PNG_ALPHA, 116],
    [{ ...RESAMPLED, shorterSide: 256 }, { orientation: 6 }, 17],
    [{ ...RESAMPLED, centralFraction: 0.875 }, { format: 'webp' }, 123],
    [{ ...RESAMPLED, width: 3_000, height: 3_000 }, PNG_4_MEGAPIXELS, 157],
    [{ trim: true, blur: 20, gamma: true, format: 'jpeg' }, PNG_ALPHA, 213],
  ])('%j of %j: %d', (spec, source, measured) => {
    expect(estimate(spec, source)).toBeGreaterThan(measured);
  });
});

test('a rendition that is made through a smaller master counts with its encoder', () => {
  const shared = (page: RenditionSpec) => {
    const recipe = [{ name: 'screen', width: 1_600 }, page, { name: 'small', width: 224 }];
    const passes = sharedPasses(SOURCE, planRenditions(recipe, SOURCE).planned);
    expect(passes).toMatchObject([{ masters: [{}, { largest: { spec: { name: 'page' } } }] }]);
    return estimateBytes(SOURCE, passes);
  };
  const page = { name: 'page', width: 800 };
  const more = shared({ ...page, format: 'avif' }) - shared({ ...page, format: 'jpeg' });
  // An AVIF needs 56 bytes a pixel; a part of that fits where the largest one was encoded.
  expect(more).toBeGreaterThan(8 * 800 ** 2);
});
