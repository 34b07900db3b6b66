import sharp from 'sharp';
import { render } from '../../../test/fakes/pictures/render';
import { FORMATS } from '../formats';
import { PRESETS } from '../presets';
import { DEFAULT_RECIPE, parseRecipe, type Recipe, type RenditionSpec } from '../recipe';
import { type ExpectedRendition, expectedRenditions } from './expected';
import { faultOf } from './judge';
import { ownFault } from './own-fault';
import { makeSamples, type PictureSample } from './samples';

const LIMITS = { maxSourceBytes: 1_000_000, maxSourcePixels: 10_000_000 };
let samples: readonly PictureSample[];

beforeAll(async () => {
  samples = await makeSamples();
});

async function expectedOf(sample: PictureSample, recipe: Recipe) {
  const expected = await expectedRenditions(sample, recipe, LIMITS);
  if ('code' in expected) throw expected;
  return expected;
}

const jpeg = (body: Buffer) => ({ body, contentType: 'image/jpeg', metadata: {} });

/** What sharp alone and the judge say of every rendition that the worker's own renderer makes. */
async function faultsOfWorker(spec: RenditionSpec): Promise<readonly (string | undefined)[]> {
  const recipe = parseRecipe(JSON.stringify([spec]));
  const faults: (string | undefined)[] = [];
  for (const sample of samples) {
    const [expected] = await expectedOf(sample, recipe);
    const { images } = await render(sample.body, recipe);
    const output = images[0] && { ...images[0], metadata: {} };
    faults.push(await ownFault(sample, recipe, LIMITS));
    faults.push(expected && (await faultOf(expected, output)));
  }
  return faults;
}

const SMALL = { name: 'small', width: 224, height: 224 } as const;

describe('the judge finds nothing wrong with what the worker makes', () => {
  test.each<RenditionSpec>([
    ...DEFAULT_RECIPE,
    ...Object.values(PRESETS).flat(),
    { name: 'unchanged' },
    ...FORMATS.map((format) => ({ ...SMALL, fit: 'inside' as const, format })),
    { ...SMALL, fit: 'cover', position: 'top' },
    { ...SMALL, fit: 'cover', position: 'attention' },
    { ...SMALL, fit: 'cover', position: 'entropy', format: 'jpeg' },
    { ...SMALL, fit: 'contain', background: '#ff8800' },
    { ...SMALL, fit: 'contain', format: 'jpeg', background: 'white' },
    { ...SMALL, fit: 'contain', format: 'jpeg', background: '#ff880040' },
    { ...SMALL, fit: 'contain', format: 'tiff', background: 'transparent' },
    { ...SMALL, fit: 'fill', kernel: 'nearest' },
    { ...SMALL, fit: 'outside', withoutReduction: true },
    { name: 'wide', width: 333 },
    { name: 'tiny', width: 3, height: 3, fit: 'cover' },
    { name: 'line', width: 200, height: 1, fit: 'fill' },
    { ...SMALL, format: 'jpeg', quality: 5 },
    { ...SMALL, format: 'jpeg', mozjpeg: true, progressive: true, chromaSubsampling: '4:4:4' },
    { ...SMALL, format: 'webp', quality: 1, alphaQuality: 0 },
    { ...SMALL, format: 'avif', quality: 10, effort: 0 },
    { ...SMALL, format: 'png', palette: true, colours: 4 },
    { ...SMALL, format: 'gif', colours: 2, dither: 0 },
    { ...SMALL, format: 'tiff', compression: 'deflate' },
    { ...SMALL, format: 'tiff', compression: 'jpeg', quality: 60 },
    { ...SMALL, format: 'tiff', quality: 60 },
    { ...SMALL, quality: 20, keepMetadata: true },
    { ...SMALL, greyscale: true, gamma: 2, metadata: 'icc' },
    { ...SMALL, still: true, blur: 20, sharpen: { sigma: 2 }, colourSpace: 'p3' },
    { ...SMALL, still: true, trim: { margin: 5 }, metadata: 'copyright' },
    { ...SMALL, format: 'jpeg', maxBytes: 3_000, cacheControl: 'max-age=60' },
  ])('%j', async (spec) => {
    expect(await faultsOfWorker(spec)).toEqual(samples.flatMap(() => [undefined, undefined]));
  });

  test('nor with a rendition that is skipped because a sample is too large', async () => {
    const tall = { name: 'tall', height: 16_383, format: 'webp', ifImpossible: 'skip' } as const;
    const [sample] = samples.slice(1);
    if (!sample) throw new Error('there are too few samples');
    const recipe = [...DEFAULT_RECIPE, tall];
    const expected = await expectedOf(sample, recipe);
    const { images } = await render(sample.body, recipe);
    expect(expected).toHaveLength(1);
    expect(images).toHaveLength(1);
  });

  test.each([30, 60, 95])(
    'nor with another default quality, such as %i, or another encoder',
    async (quality) => {
      const [sample, expected] = await first();
      const made = sharp(sample.body)
        .autoOrient()
        .resize({ ...SMALL, fit: 'inside' });
      expect(
        await faultOf(expected, jpeg(await made.jpeg({ quality, mozjpeg: true }).toBuffer())),
      ).toBeUndefined();
    },
  );
});

async function first(): Promise<readonly [PictureSample, ExpectedRendition]> {
  const [sample] = samples;
  if (!sample) throw new Error('there are no samples');
  const [expected] = await expectedOf(sample, DEFAULT_RECIPE);
  if (!expected) throw new Error('there are no renditions');
  return [sample, expected];
}

test('the judge fails a rendition that lost a header', async () => {
  const [sample] = samples;
  if (!sample) throw new Error('there are no samples');
  const inside = { ...SMALL, fit: 'inside' as const };
  const [expected] = await expectedOf(sample, [{ ...inside, cacheControl: 'max-age=60' }]);
  const { images } = await render(sample.body, [inside]);
  const output = images[0] && { ...images[0], metadata: {} };
  expect(await faultOf(expected as ExpectedRendition, output)).toBe(
    `rendition small of ${sample.path} must have the cacheControl "max-age=60", but "" was found`,
  );
});

describe('the judge', () => {
  const small = (body: Buffer) =>
    sharp(body)
      .autoOrient()
      .resize({ ...SMALL, fit: 'inside' });
  const black = { create: { width: 224, height: 168, channels: 3 as const, background: '#000' } };

  test.each<[string, string, (body: Buffer) => Promise<Buffer | undefined>]>([
    ['is missing', 'is missing (224x224/turned photo 1+2 é.jpg)', async () => undefined],
    ['is no picture', 'is no picture that can be read', async () => Buffer.from('<html>')],
    [
      'is cut short',
      'cannot be decoded',
      async (body) => (await small(body).jpeg().toBuffer()).subarray(0, 1500),
    ],
    [
      'has another format',
      'must be jpeg, but webp was found',
      (body) => small(body).webp().toBuffer(),
    ],
    [
      'is too small',
      'must be 224 × 168 pixels, but 200 × 150 were found',
      (body) => sharp(body).autoOrient().resize(200).jpeg().toBuffer(),
    ],
    [
      'was not resized',
      'but 1200 × 900 were found',
      (body) => sharp(body).autoOrient().jpeg().toBuffer(),
    ],
    [
      'was not turned',
      'but 168 × 224 were found',
      (body) => sharp(body).resize(168, 224).jpeg().toBuffer(),
    ],
    ['is black', 'another picture', () => sharp(black).jpeg().toBuffer()],
    [
      'is upside down',
      'another picture',
      async (body) =>
        sharp(await small(body).toBuffer())
          .rotate(180)
          .jpeg()
          .toBuffer(),
    ],
    [
      'is mirrored',
      'another picture',
      async (body) =>
        sharp(await small(body).toBuffer())
          .flop()
          .jpeg()
          .toBuffer(),
    ],
    ['is grey', 'another picture', (body) => small(body).greyscale().jpeg().toBuffer()],
    [
      'has red and blue swapped',
      'another picture',
      (body) =>
        small(body)
          .recomb([
            [0, 0, 1],
            [0, 1, 0],
            [1, 0, 0],
          ])
          .jpeg()
          .toBuffer(),
    ],
    [
      'is shifted by a twelfth',
      'another picture',
      async (body) =>
        sharp(await small(body).toBuffer())
          .extract({ left: 19, top: 0, width: 205, height: 168 })
          .extend({ right: 19, extendWith: 'copy' })
          .jpeg()
          .toBuffer(),
    ],
    ['is blurred', 'another picture', (body) => small(body).blur(30).jpeg().toBuffer()],
    [
      'is too dark',
      'another picture',
      (body) => small(body).modulate({ brightness: 0.7 }).jpeg().toBuffer(),
    ],
  ])('fails when a rendition %s', async (_what, sentence, make) => {
    const [sample, expected] = await first();
    const body = await make(sample.body);
    const fault = await faultOf(expected, body && jpeg(body));
    expect(fault).toMatch(/^rendition 224x224 of turned photo 1\+2 é\.jpg /);
    expect(fault).toContain(sentence);
  });

  test.each<[string, number, string, (body: Buffer) => Promise<Buffer>]>([
    [
      'lost its transparency',
      1,
      'another picture',
      (body) => small(body).flatten({ background: '#000' }).png().toBuffer(),
    ],
    [
      'shows other frames',
      3,
      'another picture',
      () => {
        const dark = Buffer.from(Array.from({ length: 224 * 168 * 3 * 3 }, (_, at) => at / 5_000));
        const raw = { width: 224, height: 168 * 3, channels: 3 as const, pageHeight: 168 };
        return sharp(dark, { raw }).gif().toBuffer();
      },
    ],
    [
      'lost its frames',
      3,
      'must have 3 frames, but 1 were found',
      (body) => small(body).gif().toBuffer(),
    ],
  ])('fails when a rendition %s', async (_what, index, sentence, make) => {
    const sample = samples[index] as PictureSample;
    const [expected] = await expectedOf(sample, DEFAULT_RECIPE);
    const output = { body: await make(sample.body), metadata: {} };
    expect(await faultOf(expected as ExpectedRendition, output)).toContain(sentence);
  });
});
