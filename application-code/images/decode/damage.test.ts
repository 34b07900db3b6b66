import sharp from 'sharp';
import { quarters, scene } from '../../../test/fakes/pictures/pictures';
import { renderOne } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from './loaders';

beforeAll(restrictLoaders);

describe('damage', () => {
  test.each([
    ...['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'].map((format) => [format, {}] as const),
    ['jpeg', { progressive: true }] as const,
  ])(
    'fails when a %s is cut short %p, rather than giving half a picture',
    async (format, options) => {
      const whole = await scene(200, 150)
        .toFormat(format as 'jpeg', options)
        .toBuffer();
      for (const part of [0.3, 0.97]) {
        const source = whole.subarray(0, Math.floor(whole.length * part));
        await expect(renderOne(source, { width: 20 })).rejects.toMatchObject({
          code: 'Undecodable',
          message: expect.stringMatching(/^[\x20-\x7e]+$/),
        });
      }
    },
  );

  test('is not one of which a decoder only warns', async () => {
    const jpeg = await scene(80, 60).jpeg().toBuffer();
    const table = jpeg.indexOf(Buffer.from([0xff, 0xc4]));
    const stray = Buffer.concat([
      jpeg.subarray(0, table),
      Buffer.from([1, 2, 3]),
      jpeg.subarray(table),
    ]);
    await expect(sharp(stray, { failOn: 'warning' }).raw().toBuffer()).rejects.toThrow(
      'extraneous bytes',
    );
    expect((await renderOne(stray, { width: 20 })).width).toBe(20);
  });

  test('is told from a rendition that the encoder refuses', async () => {
    const source = await quarters(17_000, 10).jpeg().toBuffer();
    const spec = { format: 'tiff', compression: 'webp' } as const;
    await expect(renderOne(source, spec)).rejects.toMatchObject({
      code: 'RenditionImpossible',
      message: expect.stringMatching(
        /^rendition only cannot be made as 17000 × 10 tiff \(libvips: /,
      ),
    });
  });
});
