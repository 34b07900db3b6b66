import * as fc from 'fast-check';
import sharp from 'sharp';
import { exifBlock, withSegment } from '../../../test/fakes/pictures/metadata';
import { quarters, scene } from '../../../test/fakes/pictures/pictures';
import { readJpegMetadata } from './jpeg-metadata';
import { restrictLoaders } from './loaders';

beforeAll(restrictLoaders);

const EXIF = Buffer.from('Exif\0\0');
const withExif = (jpeg: Buffer, block: Buffer) =>
  withSegment(jpeg, 0xe1, Buffer.concat([EXIF, block]));

/** What sharp says of the same things, where it says anything. */
async function oracle(source: Buffer): Promise<unknown> {
  const found = await sharp(source, {
    limitInputPixels: false,
    limitInputChannels: false,
  }).metadata();
  const { format, width, height, channels, depth, space, hasAlpha, hasProfile, isProgressive } =
    found;
  const orientation = found.orientation ?? 1;
  return {
    format,
    width,
    height,
    channels,
    depth,
    space,
    hasAlpha,
    hasProfile,
    isProgressive,
    orientation,
  };
}

const PLAIN: Readonly<Record<string, () => Promise<Buffer>>> = {
  'with 4:2:0': () => scene(90, 60).jpeg().toBuffer(),
  'with 4:4:4': () => scene(33, 61).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
  progressive: () => scene(90, 60).jpeg({ progressive: true }).toBuffer(),
  'by mozjpeg': () => scene(90, 60).jpeg({ mozjpeg: true }).toBuffer(),
  'in grey': () => scene(40, 70).toColourspace('b-w').jpeg().toBuffer(),
  'with a profile': () => quarters(60, 40).withIccProfile('p3').jpeg().toBuffer(),
  'with EXIF of sharp': () => quarters(60, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  'with EXIF of a camera in Intel order': async () =>
    withExif(await quarters(60, 40).jpeg().toBuffer(), exifBlock('II', 8)),
  'with EXIF of a camera in Motorola order': async () =>
    withExif(await quarters(60, 40).jpeg().toBuffer(), exifBlock('MM', 3)),
  'with XMP': () =>
    quarters(60, 40).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>').jpeg().toBuffer(),
};

describe('the metadata of a JPEG', () => {
  test.each(Object.entries(PLAIN))('%s is what sharp says, read without it', async (_, make) => {
    const source = await make();
    const found = readJpegMetadata(source);
    expect(found).toBeDefined();
    expect(found).toEqual(await oracle(source));
  });

  test.each([
    ['four inks', () => scene(40, 40).toColourspace('cmyk').jpeg().toBuffer()],
    [
      'a scan that names the colours in another order',
      async () => {
        const source = await scene(40, 40).jpeg().toBuffer();
        const scan = source.indexOf(Buffer.from([0xff, 0xda]));
        [source[scan + 5], source[scan + 7]] = [2, 1];
        await expect(oracle(source)).rejects.toThrow('Invalid component ID');
        return source;
      },
    ],
    ['no scan', async () => (await scene(40, 40).jpeg().toBuffer()).subarray(0, 150)],
    [
      'two EXIF blocks',
      async () =>
        withExif(
          await withExif(await scene(9, 9).jpeg().toBuffer(), exifBlock('II')),
          exifBlock('II', 3),
        ),
    ],
    [
      'a profile in parts of which one is missing',
      async () => {
        const part = Buffer.from('ICC_PROFILE\0\x01\x02some profile', 'latin1');
        return withSegment(await scene(40, 40).jpeg().toBuffer(), 0xe2, part);
      },
    ],
    [
      'an orientation beyond eight',
      async () => withExif(await scene(9, 9).jpeg().toBuffer(), exifBlock('II', 9)),
    ],
  ])('is left to sharp for %s', async (_, make) => {
    expect(readJpegMetadata(await make())).toBeUndefined();
  });

  test('is always what sharp says, whatever happens to the bytes of its header', async () => {
    const sources = await Promise.all(Object.values(PLAIN).map((make) => make()));
    const heads = sources.map((source) => source.indexOf(Buffer.from([0xff, 0xda])) + 14);
    let read = 0;
    const change = fc.record({
      at: fc.noBias(fc.nat(9_999)),
      kind: fc.constantFrom('set', 'set', 'flip', 'insert', 'remove', 'cut', 'repeat'),
      byte: fc.oneof(
        fc.integer({ min: 0, max: 255 }),
        fc.constantFrom(0, 1, 2, 3, 8, 0xff, 0xc0, 0xc4, 0xda, 0xe1),
      ),
      count: fc.integer({ min: 1, max: 12 }),
    });
    const law = fc.asyncProperty(
      fc.nat(sources.length - 1),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (which, changes) => {
        let source: Buffer = Buffer.from(sources[which] ?? []);
        for (const one of changes) source = changed(source, heads[which] ?? 0, one);
        const found = readJpegMetadata(source);
        if (found === undefined) return;
        read += 1;
        expect(await oracle(source)).toEqual(found);
      },
    );
    await fc.assert(law, { numRuns: 3_000 });
    expect(read).toBeGreaterThan(300);
  });
});

interface Change {
  readonly at: number;
  readonly kind: string;
  readonly byte: number;
  readonly count: number;
}

function changed(source: Buffer, headBytes: number, { at, kind, byte, count }: Change): Buffer {
  const place = Math.min(3 + (at % (headBytes - 3)), source.length - 1);
  const [before, after] = [source.subarray(0, place), source.subarray(place)];
  const there = source[place] ?? 0;
  switch (kind) {
    case 'set':
      return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
    case 'flip':
      return Buffer.concat([before, Buffer.from([there ^ (1 << (byte & 7))]), after.subarray(1)]);
    case 'insert':
      return Buffer.concat([before, Buffer.alloc(count, byte), after]);
    case 'remove':
      return Buffer.concat([before, after.subarray(count)]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, count * 20), after]);
    default:
      return before;
  }
}
