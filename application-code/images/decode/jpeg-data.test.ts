import { colourAt, distance, quarters, scene } from '../../../test/fakes/pictures/pictures';
import { render } from '../../../test/fakes/pictures/render';
import type { FailOn } from '../fail-on';
import { flatJpeg } from '../memory/test-large-pictures';
import { restrictLoaders } from './loaders';

const END = Buffer.from([0xff, 0xd9]);
/**
 * A thumbnail, a copy, the upper part alone with metadata; each of them is decoded in its own way.
 */
const RECIPE = [
  { name: 'small', width: 12 },
  { name: 'large', width: 190, keepMetadata: true },
] as const;

const KINDS = [
  ['baseline', {}],
  ['baseline, 4:4:4', { chromaSubsampling: '4:4:4' }],
  ['progressive', { progressive: true }],
] as const;

beforeAll(restrictLoaders);

const jpeg = (options: object) =>
  scene(200, 150)
    .jpeg({ quality: 90, ...options })
    .toBuffer();
const withoutEnd = (source: Buffer) => source.subarray(0, source.length - 2);
const cut = (source: Buffer, part: number) =>
  source.subarray(0, Math.floor((source.length - 2) * part));
const outcome = (source: Buffer, failOn?: FailOn, recipe: Parameters<typeof render>[1] = RECIPE) =>
  render(source, recipe, failOn ? { failOn } : {}).then(
    ({ images }) => `${images.length} renditions`,
    ({ code }) => code as string,
  );

describe.each(KINDS)('a %s JPEG', (_, options) => {
  test('that lacks only its end marker is whole', async () => {
    const source = await jpeg(options);
    const [whole, bare] = await Promise.all(
      [source, withoutEnd(source)].map((one) => render(one, RECIPE)),
    );
    expect(bare?.images.map(({ body }) => body)).toEqual(whole?.images.map(({ body }) => body));
  });

  test.each([0.3, 0.6, 0.9, 0.97, 0.995])(
    'cut at %p fails, behind an end marker or not',
    async (part) => {
      const source = cut(await jpeg(options), part);
      const behind = [
        source,
        Buffer.concat([source, END]),
        Buffer.concat([source, END, END, Buffer.alloc(99)]),
      ];
      for (const one of behind) {
        for (const spec of RECIPE)
          expect(await outcome(one, undefined, [spec])).toBe('Undecodable');
      }
    },
  );

  test('with another picture behind it is whole, and fails when it is cut', async () => {
    const [source, other] = [await jpeg(options), await quarters().jpeg().toBuffer()];
    expect(await outcome(Buffer.concat([source, other]))).toBe('2 renditions');
    expect(await outcome(Buffer.concat([cut(source, 0.7), END, other]))).toBe('Undecodable');
  });
});

test('a JPEG with restart markers is read to its end', async () => {
  const source = withRestarts();
  expect(source.includes(Buffer.from([0xff, 0xd3]))).toBe(true);
  const { images } = await render(source, [{ name: 'a', format: 'png' }]);
  expect(distance(await colourAt(images[0]?.body ?? END, 0.9, 0.9), [128])).toBeLessThan(9);
  expect(await outcome(Buffer.concat([cut(source, 0.8), END]))).toBe('Undecodable');
});

describe('failOn', () => {
  test.each<[FailOn, string, string, string]>([
    ['none', '2 renditions', '2 renditions', '2 renditions'],
    ['truncated', 'Undecodable', '2 renditions', '2 renditions'],
    ['error', 'Undecodable', '2 renditions', '2 renditions'],
    ['warning', 'Undecodable', '2 renditions', 'Undecodable'],
  ])('%s: cut short %s, no end marker %s, stray bytes %s', async (failOn, short, bare, stray) => {
    for (const [, options] of KINDS) {
      const source = await jpeg(options);
      expect(await outcome(Buffer.concat([cut(source, 0.6), END]), failOn)).toBe(short);
      expect(await outcome(cut(source, 0.6), failOn)).toBe(short);
      expect(await outcome(withoutEnd(source), failOn)).toBe(bare);
      expect(await outcome(strayed(source), failOn)).toBe(stray);
    }
  });
});

/** Bytes between two markers, of which libjpeg warns. */
function strayed(source: Buffer): Buffer {
  const table = source.indexOf(Buffer.from([0xff, 0xc4]));
  return Buffer.concat([source.subarray(0, table), Buffer.from([1, 2, 3]), source.subarray(table)]);
}

/**
 * libvips writes none: every unit of a grey picture has an interval of its own, and says in two
 * bits that it is as grey as it begins.
 */
function withRestarts(): Buffer {
  const source = flatJpeg(64, 64, { progressive: false, sampling: [0x11] });
  const scan = source.indexOf(Buffer.from([0xff, 0xda]));
  const start = scan + 2 + source.readUInt16BE(scan + 2);
  const interval = Buffer.from([0xff, 0xdd, 0, 4, 0, 1]);
  const units = Array.from({ length: 64 }, (_, index) =>
    index === 0 ? [0x3f] : [0xff, 0xd0 + ((index - 1) % 8), 0x3f],
  );
  const data = Buffer.from(units.flat());
  return Buffer.concat([
    source.subarray(0, scan),
    interval,
    source.subarray(scan, start),
    data,
    END,
  ]);
}
