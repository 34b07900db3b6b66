import sharp from 'sharp';
import {
  animatedGif,
  cameraJpeg,
  decompressionBomb,
  ORIENTATIONS,
  type Photo,
  quadrants,
} from './photos';

/** Names that encodings, shells and file systems like to break. */
const NAMES = [
  'with space.jpg',
  'two  spaces.jpg',
  'plus+and+plus.jpg',
  '100%25 real %2F percent.jpg',
  'Größe Ünïcödé é.jpg',
  'emoji 🏞️📷.jpg',
  "quote's (1) & [2] {3} !$,;=@~.jpg",
  '-dash-first.jpg',
  '.hidden.jpg',
  'no-extension',
  'UPPER.JPG',
  'wrong extension.png',
  'a#fragment?query=1.jpg',
  '日本語の写真.jpg',
];

/** Files that try to hurt a worker; each must end as its fault, or, if only odd, rendered. */
export async function hostilePhotos(): Promise<Photo[]> {
  const whole = await cameraJpeg(800, 600, 1);
  const base = quadrants(640, 480, 20);
  const png = await base.png().toBuffer();
  const upright = { width: 640, height: 480 };
  return [
    {
      path: 'hostile/truncated.jpg',
      body: whole.subarray(0, whole.length >> 1),
      ends: { fault: 'Undecodable' },
    },
    { path: 'hostile/zero.jpg', body: Buffer.alloc(0), ends: { fault: 'EmptySource' } },
    {
      path: 'hostile/text.jpg',
      body: Buffer.from('not a photo\n'),
      ends: { fault: 'UnsupportedFormat' },
    },
    { path: 'hostile/drawing.jpg', body: SVG, ends: { fault: 'UnsupportedFormat' } },
    { path: 'hostile/phone.heic', body: HEIC, ends: { fault: 'HeicUnsupported' } },
    { path: 'hostile/bomb.png', body: decompressionBomb(30_000), ends: { fault: 'TooManyPixels' } },
    {
      path: 'odd/cmyk.jpg',
      body: await sharp(png).toColourspace('cmyk').jpeg().toBuffer(),
      ends: { format: 'jpeg', ...upright },
    },
    {
      path: 'odd/sixteen-bit.png',
      body: await sharp(png).toColourspace('rgb16').png().toBuffer(),
      ends: { format: 'png', ...upright },
    },
    {
      path: 'odd/one-pixel.png',
      body: await sharp(png).resize(1, 1).png().toBuffer(),
      ends: { format: 'png', width: 1, height: 1, colours: false },
    },
    {
      path: 'odd/panorama.jpg',
      body: await sharp(png).resize(20_000, 10, { fit: 'fill' }).jpeg().toBuffer(),
      ends: { format: 'jpeg', width: 20_000, height: 10, colours: false },
    },
  ];
}

/** One picture in every format that comes in, animated ones among them. */
export async function everyFormat(): Promise<Photo[]> {
  const still = { width: 640, height: 480 };
  const picture = () => quadrants(still.width, still.height, 10);
  const bodies: readonly [string, string, Promise<Buffer>][] = [
    ['jpg', 'jpeg', picture().jpeg({ progressive: true }).toBuffer()],
    ['png', 'png', picture().png().toBuffer()],
    ['webp', 'webp', picture().webp().toBuffer()],
    ['avif', 'heif', picture().avif({ effort: 0 }).toBuffer()],
    ['tiff', 'tiff', picture().tiff().toBuffer()],
    ['gif', 'gif', picture().gif({ effort: 1 }).toBuffer()],
  ];
  const stills = bodies.map(async ([extension, format, body]) => ({
    path: `formats/still.${extension}`,
    body: await body,
    ends: { format, ...still },
  }));
  const moving = {
    path: 'formats/moving.gif',
    body: await animatedGif(320, 240, 3),
    ends: { format: 'gif', width: 320, height: 240, pages: 3 },
  };
  return [...(await Promise.all(stills)), moving];
}

/** Awkward names, a key of 1,000 bytes below the source prefix among them. */
export async function awkwardNames(prefixBytes: number): Promise<Photo[]> {
  const body = await cameraJpeg(400, 300, 6);
  const ends = { format: 'jpeg', width: 400, height: 300 };
  const names = NAMES.map((name) => ({ path: `names/${name}`, body, ends }));
  return [...names, { path: pathOfBytes(1_000 - prefixBytes), body, ends }];
}

/** `count` photographs of all orientations in nested folders, of which some are `large`. */
export async function holiday(count: number, large: number): Promise<Photo[]> {
  const small = await Promise.all(
    ORIENTATIONS.map(async (orientation) => ({
      orientation,
      body: await cameraJpeg(1200, 900, orientation),
    })),
  );
  const big = large > 0 ? await cameraJpeg(4000, 3000, 1, 230, 98) : Buffer.alloc(0);
  return Array.from({ length: count }, (_, index) => {
    const isLarge = index < large;
    const { orientation, body } = small[index % small.length] ?? { orientation: 1, body: big };
    return {
      path: `holiday/day ${index % 7}/${isLarge ? 'large' : `o${orientation}`}-${index}.jpg`,
      body: isLarge ? big : body,
      ends: isLarge
        ? { format: 'jpeg', width: 4000, height: 3000 }
        : { format: 'jpeg', width: 1200, height: 900 },
    };
  });
}

/** `count` small pictures, with some of every kind that comes in, odd and hostile ones. */
export async function mixedPhotos(count: number): Promise<Photo[]> {
  const special = [...(await hostilePhotos()), ...(await everyFormat())];
  const body = await cameraJpeg(320, 240, 6);
  const plain = Array.from({ length: count - special.length }, (_, index) => ({
    path: `plain/${index}.jpg`,
    body,
    ends: { format: 'jpeg', width: 320, height: 240 },
  }));
  return [...special, ...plain];
}

function pathOfBytes(bytes: number): string {
  const folder = `${'k'.repeat(199)}/`;
  const folders = folder.repeat(Math.floor((bytes - 10) / folder.length));
  return `${folders}${'n'.repeat(bytes - folders.length - 4)}.jpg`;
}

const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><image href="file:///etc/passwd"/></svg>',
);

/** The first box of a HEIC file: enough to be one by content. */
const HEIC = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypheic', 'ascii'),
  Buffer.from([0, 0, 0, 0]),
  Buffer.from('mif1heic', 'ascii'),
  Buffer.alloc(512),
]);
