import { pngFile, quarters } from '../../../test/fakes/pictures/pictures';
import { render } from '../../../test/fakes/pictures/render';
import { rgbPage, tiffOf } from '../../../test/fakes/pictures/tiffs';
import type { Format } from '../formats';
import { restrictLoaders } from './loaders';
import { TAG } from './tiff-directory';
import { unsupportedKind } from './unsupported-kind';

beforeAll(restrictLoaders);

/** A JPEG whose frame says something else; its data are those of an ordinary one. */
async function jpegWith(marker: number, precision = 8): Promise<Buffer> {
  const source = await quarters().jpeg().toBuffer();
  const frame = source.indexOf(Buffer.from([0xff, 0xc0]));
  source.set([marker], frame + 1);
  source.set([precision], frame + 4);
  return source;
}

function appleFile(): Buffer {
  const png = pngFile(8, 8, { bitDepth: 8, colourType: 2 }, Buffer.alloc(20));
  const chunk = Buffer.from('\0\0\0\x04CgBI\x50\0\x20\x02\x2b\xd5\xb3\x7f', 'latin1');
  return Buffer.concat([png.subarray(0, 8), chunk, png.subarray(8)]);
}

/** An AVIF that says to be a sequence and has no picture beside it. */
async function emptySequence(): Promise<Buffer> {
  const avif = await quarters().avif().toBuffer();
  const end = avif.readUInt32BE(0);
  avif.write('avis', 16, 'latin1');
  return avif.subarray(0, end);
}

test.each<[string, () => Promise<Buffer> | Buffer, RegExp]>([
  ['a JPEG of 12 bits', () => jpegWith(0xc1, 12), /12 bits/],
  ['a lossless JPEG', () => jpegWith(0xc3), /lossless/],
  [
    'a JPEG-LS',
    () => Buffer.from([0xff, 0xd8, 0xff, 0xf7, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
    /JPEG-LS/,
  ],
  ['a PNG for iOS', appleFile, /CgBI/],
  ['an AVIF sequence without a picture', emptySequence, /AVIF sequence/],
  [
    'a TIFF compressed with Zstandard',
    () => tiffOf([rgbPage(8, 6, [], { [TAG.compression]: 50_000 })]),
    /Zstandard/,
  ],
  [
    'a TIFF with old JPEG',
    () => tiffOf([rgbPage(8, 6, [], { [TAG.compression]: 6 })]),
    /old-style JPEG/,
  ],
  ['a TIFF in CIELab', () => tiffOf([rgbPage(8, 6, [], { [TAG.photometric]: 8 })]), /CIELab/],
])('%s is named, and no sentence asks to upload it again', async (_, make, message) => {
  await expect(render(await make(), [{ name: 'a', width: 4 }])).rejects.toMatchObject({
    code: 'UnsupportedFormat',
    message: expect.stringMatching(message),
  });
  await expect(render(await make(), [{ name: 'a' }])).rejects.not.toThrow(
    /damaged|upload it again;/,
  );
});

test.each<Format>(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'])(
  'an ordinary %s that is cut short is damaged',
  async (format) => {
    const whole = await quarters().toFormat(format).toBuffer();
    const source = whole.subarray(0, whole.length - 30);
    expect(unsupportedKind(format, source)).toBeUndefined();
    await expect(render(source, [{ name: 'a' }])).rejects.toMatchObject({ code: 'Undecodable' });
  },
);

test('an AVIF sequence shows its first picture', async () => {
  const avif = await quarters().avif().toBuffer();
  avif.write('avis', 8, 'latin1');
  const { images } = await render(avif, [{ name: 'a', width: 32 }]);
  expect(images).toMatchObject([{ width: 32, height: 24 }]);
});
