import sharp from 'sharp';
import { colourAt, distance } from '../../../test/fakes/pictures/pictures';
import { render, renderOne } from '../../../test/fakes/pictures/render';
import { tiffFile } from '../../../test/fakes/pictures/tiffs';
import { restrictLoaders } from './loaders';
import { chooseChannels } from './tiff-channels';
import { chooseTiffPage } from './tiff-page';

beforeAll(restrictLoaders);

const SIZE = { width: 32, height: 24 };
const SPOTS = [0, 40, 160, 255];

/** Its extra channel has another value in each quarter, 0 among them. */
function withExtra(
  colour: readonly number[],
  photometric: number,
  extraSamples?: readonly number[],
): Buffer {
  return tiffFile({
    ...SIZE,
    photometric,
    bitsPerSample: 8,
    samplesPerPixel: colour.length + 1,
    quarters: SPOTS.map((spot) => [...colour, spot]),
    ...(extraSamples ? { extraSamples } : {}),
  });
}

const RGB = 2;
const GREY = 1;
const INKS = 5;

describe('a channel that is no transparency leaves a picture opaque', () => {
  test.each([
    ['beside inks', [0, 0, 0, 0], INKS, [0], [255, 255, 255]],
    ['beside inks, of which nothing is said', [0, 0, 0, 0], INKS, undefined, [255, 255, 255]],
    ['beside red, green and blue', [200, 50, 60], RGB, [0], [200, 50, 60]],
    ['beside grey', [120], GREY, [0], [120, 120, 120]],
  ] as const)('%s', async (_, colour, photometric, extra, shown) => {
    const source = withExtra(colour, photometric, extra);
    const { images } = await render(source, [
      { name: 'large', width: 30 },
      { name: 'small', width: 10, format: 'png' },
      { name: 'kept', width: 20, format: 'png', keepMetadata: true },
    ]);
    for (const { body } of images) {
      expect((await sharp(body).metadata()).hasAlpha).toBe(false);
      for (const [across, down] of [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ] as const)
        expect(distance(await colourAt(body, across, down), shown)).toBeLessThanOrEqual(4);
    }
  });

  test('and upright, once', async () => {
    const source = tiffFile({
      ...SIZE,
      photometric: RGB,
      bitsPerSample: 8,
      samplesPerPixel: 4,
      extraSamples: [0],
      orientation: 6,
      quarters: [
        [200, 0, 0, 0],
        [0, 200, 0, 9],
        [0, 0, 200, 0],
        [99, 99, 99, 9],
      ],
    });
    for (const keepMetadata of [false, true]) {
      const { body, width } = await renderOne(source, { format: 'png', keepMetadata });
      expect([width, (await sharp(body).metadata()).orientation ?? 1]).toEqual([24, 1]);
      expect(await colourAt(body, 0.25, 0.25)).toEqual([0, 0, 200]);
      expect(await colourAt(body, 0.75, 0.25)).toEqual([200, 0, 0]);
    }
  });
});

test.each([
  [[1], 'associated'],
  [[2], 'unassociated'],
  [undefined, 'unlabelled'],
] as const)('a channel that is transparency stays it: %j, %s', async (extra, _) => {
  const { body } = await renderOne(withExtra([200, 50, 60], RGB, extra), { format: 'png' });
  expect((await colourAt(body, 0.25, 0.25))[3]).toBe(0);
  expect((await colourAt(body, 0.75, 0.75))[3]).toBe(255);
});

/** Whether channels beyond the colours are dropped. */
function isDropped(source: Buffer): boolean {
  const directory = chooseTiffPage(source)?.directory;
  return directory !== undefined && chooseChannels(directory) !== undefined;
}

test('is told in a BigTIFF, too', async () => {
  const big = await sharp({ create: { ...SIZE, channels: 4, background: '#0000' } })
    .tiff({ bigtiff: true, compression: 'none' })
    .toBuffer();
  expect(isDropped(big)).toBe(false);
  const tag = big.indexOf(Buffer.from([0x52, 0x01, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0]));
  big[tag + 12] = 0;
  expect([big[2], isDropped(big)]).toEqual([43, true]);
});
