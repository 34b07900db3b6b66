import sharp from 'sharp';
import { Fault } from '../worker/src/faults';
import { FORMATS, type Format } from './formats';
import type { Recipe } from './recipe';
import type { RenderedImage } from './render/render-result';
import { ImageRenderer } from './render/renderer';

type Colour = readonly [number, number, number];

const WIDTH = 64;
const HEIGHT = 48;
const RED: Colour = [200, 50, 50];
const BLUE: Colour = [40, 60, 190];
/** How far a colour may be off, of 255: lossy formats and GIF's palette change it a little. */
const TOLERANCE = 12;
/** Far below what wide-gamut numbers that are taken for sRGB would be off. */
const EXACT_TOLERANCE = 4;

/** A check, and what it says when it fails: it rejects. */
type Check = readonly [title: string, check: () => Promise<void>];

/**
 * Checks the image side of the worker where it will run, without AWS: every format in and out, an
 * orientation, a colour and the list of allowed readers. Writes the versions and a line for each
 * check.
 * @returns whether all is well.
 */
export async function selfTest(write: (line: string) => void): Promise<boolean> {
  write(
    Object.entries(sharp.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  );
  write(`formats ${FORMATS.join(', ')}`);
  const results: boolean[] = [];
  for (const check of CHECKS) {
    results.push(await runCheck(check, write));
  }
  return results.every(Boolean);
}

async function runCheck([title, check]: Check, write: (line: string) => void): Promise<boolean> {
  try {
    await check();
    write(`ok      ${title}`);
    return true;
  } catch (error) {
    write(`FAILED  ${title}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

const CHECKS: readonly Check[] = [
  ...FORMATS.map(
    (format): Check => [
      `${format} is read, and written as every format`,
      () => checkFormat(format),
    ],
  ),
  ['EXIF orientation 6 is applied', checkOrientation],
  ['Display P3 becomes sRGB', checkColour],
  ['SVG is refused', checkSvg],
];

async function checkFormat(format: Format): Promise<void> {
  const recipe = FORMATS.map((name) => ({ name, format: name }));
  const images = await render(await redAndBlue().toFormat(format).toBuffer(), recipe);
  for (const { name, body } of images) {
    const decoded = await sharp(body).metadata();
    expect(`format of ${name}`, decoded.format, name === 'avif' ? 'heif' : name);
    expect(`size of ${name}`, `${decoded.width} × ${decoded.height}`, `${WIDTH} × ${HEIGHT}`);
    await expectColour(body, WIDTH / 4, HEIGHT / 2, RED, TOLERANCE);
    await expectColour(body, (3 * WIDTH) / 4, HEIGHT / 2, BLUE, TOLERANCE);
  }
}

/**
 * Orientation 6 is turned by 90 degrees clockwise: what is stored at the left stands at the top.
 */
async function checkOrientation(): Promise<void> {
  const source = await redAndBlue().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const { body, width, height } = await renderOne(source);
  expect('size', `${width} × ${height}`, `${HEIGHT} × ${WIDTH}`);
  await expectColour(body, HEIGHT / 2, WIDTH / 4, RED, TOLERANCE);
  await expectColour(body, HEIGHT / 2, (3 * WIDTH) / 4, BLUE, TOLERANCE);
}

async function checkColour(): Promise<void> {
  const { body } = await renderOne(await redAndBlue().withIccProfile('p3').png().toBuffer());
  await expectColour(body, WIDTH / 4, HEIGHT / 2, RED, EXACT_TOLERANCE);
}

async function checkSvg(): Promise<void> {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  const code = await renderOne(svg).then(
    () => 'a picture',
    (error) => (error instanceof Fault ? error.code : String(error)),
  );
  expect('result', code, 'UnsupportedFormat');
  const byLibvips = await sharp(svg)
    .metadata()
    .then(
      ({ format }) => format,
      () => 'refused',
    );
  expect('libvips', byLibvips, 'refused');
}

/** Left half red, right half blue, in sRGB. */
function redAndBlue() {
  const pixels = Array.from({ length: WIDTH * HEIGHT }, (_, index) =>
    index % WIDTH < WIDTH / 2 ? RED : BLUE,
  );
  return sharp(Buffer.from(pixels.flat()), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
}

async function renderOne(source: Buffer): Promise<RenderedImage> {
  const [image] = await render(source, [{ name: 'same' }]);
  if (!image) {
    throw new Error('no rendition came out');
  }
  return image;
}

async function render(source: Buffer, recipe: Recipe): Promise<readonly RenderedImage[]> {
  const renderer = new ImageRenderer({
    recipe,
    memoryLimitMiB: 512,
    maxSourceBytes: 1_000_000,
    maxSourcePixels: 1_000_000,
    maxRenders: 1,
  });
  const request = {
    sourceKey: 'self-test',
    bytes: source.length,
    download: async () => source,
    signal: new AbortController().signal,
  };
  const rendered = await renderer.render(request);
  rendered.release();
  return rendered.images;
}

async function expectColour(body: Buffer, x: number, y: number, colour: Colour, tolerance: number) {
  const area = { left: Math.round(x), top: Math.round(y), width: 1, height: 1 };
  const pixel = [...(await sharp(body, { ignoreIcc: true }).extract(area).raw().toBuffer())].slice(
    0,
    3,
  );
  const off = Math.max(...pixel.map((value, channel) => Math.abs(value - (colour[channel] ?? 0))));
  if (off > tolerance) {
    throw new Error(`the pixel at ${x}, ${y} is ${pixel.join(' ')}, expected ${colour.join(' ')}`);
  }
}

function expect(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) {
    throw new Error(`${what} is ${found}, expected ${expected}`);
  }
}
