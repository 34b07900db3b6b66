import { hollowPng, quarters, scene } from '../../../test/fakes/pictures/pictures';
import { rgbPage, tiffOf } from '../../../test/fakes/pictures/tiffs';
import { restrictLoaders } from '../decode/loaders';
import { TAG } from '../decode/tiff-directory';
import type { Recipe } from '../recipe';
import { ImageRenderer } from './renderer';

const COPIES = 20;
/** A thumbnail through a master, and a decode of its own. */
const RECIPE = [
  { name: 'small', width: 20 },
  { name: 'smaller', width: 9 },
  { name: 'kept', width: 16, keepMetadata: true },
];

function renderer(recipe: Recipe = RECIPE): ImageRenderer {
  const limits = { memoryLimitMiB: 512, maxSourceBytes: 1e7, maxSourcePixels: 1e7, maxRenders: 2 };
  return new ImageRenderer({ recipe, ...limits });
}

/** `permanent Code: message`, or the number of renditions. */
async function endOf(source: Buffer, by: ImageRenderer): Promise<string> {
  const { signal } = new AbortController();
  const request = { sourceKey: 'a', bytes: source.length, download: async () => source, signal };
  try {
    const rendered = await by.render(request);
    rendered.release();
    const skipped = rendered.skipped.map(({ because }) => `, without one: ${because}`);
    return `${rendered.images.length} renditions${skipped.join('')}`;
  } catch (error) {
    const { name, code, message } = error as { name: string; code: string; message: string };
    return `${name} ${code}: ${message}`;
  }
}

/** Broken in twelve ways, each with words of its own from another part of libvips. */
async function brokenFiles(): Promise<Buffer[]> {
  const whole = (format: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff', options = {}) =>
    scene(120, 90).toFormat(format, options).toBuffer();
  const cut = async (file: Promise<Buffer>, part = 0.5) => {
    const bytes = await file;
    return bytes.subarray(0, Math.floor(bytes.length * part));
  };
  const page = rgbPage(64, 48);
  return Promise.all([
    cut(whole('jpeg')),
    cut(whole('jpeg', { progressive: true })),
    cut(whole('jpeg'), 0.03),
    cut(whole('png')),
    hollowPng(64, 48),
    cut(whole('webp')),
    cut(whole('webp', { lossless: true })),
    cut(whole('gif')),
    cut(whole('avif')),
    cut(whole('tiff', { compression: 'lzw' })),
    tiffOf([{ ...page, pixels: page.pixels.subarray(0, 99) }]),
    tiffOf([rgbPage(64, 48, [], { [TAG.compression]: 50_000 })]),
  ]);
}

beforeAll(restrictLoaders);

test('each of 240 broken files, two at a time, has the reason that it has alone', async () => {
  const broken = await brokenFiles();
  const alone: string[] = [];
  for (const source of broken) alone.push(await endOf(source, renderer()));
  expect(new Set(alone).size).toBeGreaterThanOrEqual(9);
  for (const reason of alone)
    expect(reason).toMatch(/^PermanentFault (Undecodable|UnsupportedFormat): .*libvips: \w/);

  const photo = await quarters(400, 300).jpeg().toBuffer();
  const crowd = Array.from({ length: COPIES }, () => [...broken, photo]).flat();
  const by = renderer();
  const ends = await Promise.all(crowd.map((source) => endOf(source, by)));
  const expected = Array.from({ length: COPIES }, () => [...alone, '3 renditions']).flat();
  expect(ends).toEqual(expected);
  expect([by.admission.heldBytes, by.admission.decoding]).toEqual([0, 0]);
});

test('a rendition that is skipped has its own reason among broken files', async () => {
  const recipe: Recipe = [
    { name: 'small', width: 20 },
    { name: 'large', format: 'tiff', compression: 'webp', ifImpossible: 'skip' },
  ];
  const wide = await quarters(17_000, 10).jpeg().toBuffer();
  const alone = await endOf(wide, renderer(recipe));
  expect(alone).toMatch(/^1 renditions, without one: rendition large cannot be made .*libvips: \w/);
  const broken = await brokenFiles();
  const by = renderer(recipe);
  const crowd = Array.from({ length: 4 }, () => broken.flatMap((source) => [source, wide])).flat();
  const ends = await Promise.all(crowd.map((source) => endOf(source, by)));
  expect(new Set(ends.filter((_, index) => index % 2 === 1))).toEqual(new Set([alone]));
});
