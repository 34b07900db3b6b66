import { colourAt, distance, GREEN, RED } from '../../../test/fakes/pictures/pictures';
import { render } from '../../../test/fakes/pictures/render';
import { rgbPage, type TestPage, tiffOf } from '../../../test/fakes/pictures/tiffs';
import { restrictLoaders } from './loaders';
import { TAG } from './tiff-directory';
import { chooseTiffPage } from './tiff-page';

const REDUCED = { [TAG.newSubfileType]: 1 };
const full = rgbPage(64, 48);
const thumbnail = rgbPage(8, 6, [], REDUCED);
const withBelow = (page: TestPage, ...below: TestPage[]): TestPage => ({ ...page, below });

beforeAll(restrictLoaders);

describe('the page that is rendered', () => {
  test.each([
    ['is the first one', [full, rgbPage(90, 40)], 0, -1],
    [
      'is the first one, although a larger one of other proportions follows',
      [rgbPage(8, 6), rgbPage(90, 48)],
      0,
      -1,
    ],
    ['is not a reduced copy', [thumbnail, full], 1, -1],
    [
      'is not a reduced copy in the words of TIFF 5',
      [rgbPage(8, 6, [], { [TAG.subfileType]: 2 }), full],
      1,
      -1,
    ],
    ['is no mask', [rgbPage(64, 48, [], { [TAG.newSubfileType]: 4 }), full], 1, -1],
    ['is not a thumbnail that does not say to be one', [rgbPage(8, 6), full], 1, -1],
    ['is below a reduced copy', [withBelow(thumbnail, rgbPage(16, 12, [], REDUCED), full)], 0, 1],
    ['is the reduced copy where there is nothing else', [thumbnail], 0, -1],
    ['is the first one of a pyramid', [full, rgbPage(32, 24, [], REDUCED)], 0, -1],
  ])('%s', async (_, pages, page, subifd) => {
    for (const isLittle of [true, false]) {
      const source = tiffOf(pages, isLittle);
      expect(chooseTiffPage(source)).toMatchObject({ page, subifd });
      const { images } = await render(source, [
        { name: 'direct', width: 6, format: 'png', keepMetadata: true },
        { name: 'large', format: 'png' },
        { name: 'small', width: 8, format: 'png' },
      ]);
      const chosen = pages[page]?.below?.[subifd] ?? pages[page];
      const large = images.find(({ name }) => name === 'large');
      expect(large).toMatchObject({ width: chosen?.width, height: chosen?.height });
      for (const { body } of images) {
        expect(distance(await colourAt(body, 0.1, 0.1), RED)).toBeLessThan(30);
        expect(distance(await colourAt(body, 0.9, 0.1), GREEN)).toBeLessThan(30);
      }
    }
  });

  test('is unknown where no directory can be read, wherever the file ends', () => {
    const source = tiffOf([withBelow(thumbnail, full), full]);
    for (let length = 4; length < source.length; length += 1) {
      expect(chooseTiffPage(source.subarray(0, length))?.page ?? 0).toBeLessThanOrEqual(1);
    }
    expect(chooseTiffPage(source.subarray(0, 20))).toBeUndefined();
  });

  test('is found in a file whose directories follow each other forever', () => {
    const source = tiffOf([full]);
    source.writeUInt32LE(source.readUInt32LE(4), source.length - 4);
    expect(chooseTiffPage(source)).toMatchObject({ page: 0 });
  });
});

describe('a raw photo is refused, whatever preview it has', () => {
  const cr2 = tiffOf([full]);
  const canon = Buffer.concat([cr2.subarray(0, 8), Buffer.from('CR\x02\0'), cr2.subarray(8)]);
  test.each([
    ['DNG', tiffOf([rgbPage(8, 6, [], { ...REDUCED, [TAG.dngVersion]: 1 })])],
    [
      'with its sensor below the preview',
      tiffOf([withBelow(thumbnail, rgbPage(64, 48, [], { [TAG.photometric]: 32_803 }))]),
    ],
    [
      'with its sensor on a later page',
      tiffOf([full, rgbPage(64, 48, [], { [TAG.photometric]: 34_892 })]),
    ],
    [
      'in the compression of a camera',
      tiffOf([withBelow(full, rgbPage(64, 48, [], { [TAG.compression]: 34_713 }))], false),
    ],
    ['CR2', canon],
  ])('%s', async (_, source) => {
    await expect(render(source, [{ name: 'any' }])).rejects.toMatchObject({
      code: 'UnsupportedFormat',
      message: expect.stringMatching(/raw photo.*export it as JPEG or TIFF/),
    });
  });
});
