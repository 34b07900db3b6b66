import { copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

/**
 * `photo`: a JPEG of 2 to 5 megapixels as a camera makes it (4:2:0, quality 88, sensor noise, 0.8
 * to 1.9 MB). `large`: the same with 24 megapixels. `web`: with 0.4, as datasets of the web hold
 * them. `small`: a JPEG of about 12 KB. `png`: one megapixel without alpha.
 */
export type PictureKind = 'photo' | 'large' | 'web' | 'small' | 'png';

type Size = readonly [width: number, height: number];

/** Width and height in pixels, 2 to 5 megapixels, in the aspect ratios of cameras and phones. */
const SIZES = [
  [1632, 1224],
  [1800, 1200],
  [1350, 1800],
  [1920, 1440],
  [2100, 1400],
  [2048, 1536],
  [1560, 2080],
  [2304, 1536],
  [2240, 1680],
  [2400, 1600],
  [1860, 2480],
  [2592, 1944],
] as const;

/** 0.37 to 0.42 megapixels. */
const WEB_SIZES: readonly Size[] = [
  [768, 512],
  [720, 540],
  [512, 768],
  [640, 640],
  [540, 720],
  [800, 500],
  [750, 500],
  [840, 500],
];

const SCENES = [
  'astronaut.jpg',
  'hubble-deep-field.webp',
  'holiday/Café crème.png',
  'IMG_0001.JPG',
];
const SAMPLES = join(__dirname, '../../samples');
const GRAIN_PIXELS = 1024;
/** Standard deviation of the noise around mid grey: a file holds about 0.4 bytes per pixel. */
const GRAIN_DEVIATION = 16;

const PHOTO = { quality: 88, chromaSubsampling: '4:2:0' };

interface KindFacts {
  readonly sizes: readonly Size[];
  /** Sensor noise, which a picture that was made smaller has lost. */
  readonly hasGrain: boolean;
  readonly encode: (image: Sharp) => Sharp;
}

const KINDS: Readonly<Record<PictureKind, KindFacts>> = {
  photo: { sizes: SIZES, hasGrain: true, encode: (image) => image.jpeg(PHOTO) },
  large: {
    sizes: [
      [6000, 4000],
      [4000, 6000],
    ],
    hasGrain: true,
    encode: (image) => image.jpeg(PHOTO),
  },
  web: { sizes: WEB_SIZES, hasGrain: true, encode: (image) => image.jpeg(PHOTO) },
  small: {
    sizes: [
      [320, 240],
      [300, 300],
      [240, 320],
      [360, 240],
    ],
    hasGrain: false,
    encode: (image) => image.jpeg({ quality: 70, chromaSubsampling: '4:2:0' }),
  },
  png: {
    sizes: [
      [1152, 864],
      [1000, 1000],
      [864, 1152],
      [1224, 816],
    ],
    hasGrain: false,
    encode: (image) => image.png(),
  },
};

/**
 * Makes the pictures of all kinds, a folder for each. The same sharp makes the same bytes every
 * time.
 * @param photos a folder whose JPEGs stand for the photos.
 */
export async function makePictures(folder: string, photos?: string): Promise<void> {
  const grain = await makeGrain();
  for (const kind of Object.keys(KINDS) as PictureKind[]) {
    const place = join(folder, kind);
    await mkdir(place);
    if (kind === 'photo' && photos !== undefined) await copyPhotos(photos, place);
    else await makeKind(kind, place, grain);
  }
}

async function makeKind(kind: PictureKind, folder: string, grain: Buffer): Promise<void> {
  const { sizes, hasGrain, encode } = KINDS[kind];
  for (const [index, [width, height]] of sizes.entries()) {
    const scene = join(SAMPLES, SCENES[index % SCENES.length] ?? '');
    const plain = await sharp(scene)
      .autoOrient()
      .flatten({ background: '#a08c78' })
      .resize(width, height, { fit: 'cover' })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const picture = encode(
      hasGrain
        ? sharp(plain).composite([
            { input: await cut(grain, [width, height]), tile: true, blend: 'hard-light' },
          ])
        : sharp(plain),
    );
    const extension = kind === 'png' ? 'png' : 'jpg';
    await writeFile(
      join(folder, `${String(index + 1).padStart(2, '0')}.${extension}`),
      await picture.toBuffer(),
    );
  }
}

/**
 * Copies the JPEGs directly inside a folder, in the order of their names.
 * @throws Error when there is no JPEG, or no such folder.
 */
async function copyPhotos(from: string, to: string): Promise<void> {
  const entries = await readdir(from).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(
      `--photos ${from} cannot be read (${cause.code}); name a folder that holds JPEGs`,
      {
        cause,
      },
    );
  });
  const names = entries.filter((name) => /\.jpe?g$/i.test(name)).sort();
  if (names.length === 0)
    throw new Error(
      `--photos ${from} holds no file that ends in .jpg or .jpeg; name a folder that does`,
    );
  for (const [index, name] of names.entries()) {
    await copyFile(join(from, name), join(to, `${String(index + 1).padStart(6, '0')}.jpg`));
  }
}

/** Rounds of a mixture: enough that it holds several pictures of each kind. */
const MIXTURE_ROUNDS = 3;

/** A folder with the pictures of some kinds in turn, named in that order. */
export async function mixPictures(
  from: string,
  kinds: readonly PictureKind[],
  to: string,
): Promise<void> {
  await mkdir(to);
  const names = new Map<PictureKind, string[]>();
  for (const kind of kinds) names.set(kind, (await readdir(join(from, kind))).sort());
  const rounds = kinds.length > 1 ? MIXTURE_ROUNDS : (names.get(kinds[0] ?? 'photo')?.length ?? 0);
  const taken = new Map<PictureKind, number>();
  for (let index = 0; index < rounds * kinds.length; index++) {
    const kind = kinds[index % kinds.length] ?? 'photo';
    const [files, at] = [names.get(kind) ?? [], taken.get(kind) ?? 0];
    taken.set(kind, at + 1);
    const name = files[at % files.length] ?? '';
    const place = join(
      to,
      `${String(index + 1).padStart(6, '0')}${name.slice(name.lastIndexOf('.'))}`,
    );
    await symlink(join(from, kind, name), place);
  }
}

/** A tile may not be larger than the picture that it covers. */
function cut(grain: Buffer, [width, height]: Size): Promise<Buffer> {
  const size = { width: Math.min(width, GRAIN_PIXELS), height: Math.min(height, GRAIN_PIXELS) };
  return sharp(grain)
    .extract({ left: 0, top: 0, ...size })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

async function makeGrain(): Promise<Buffer> {
  const chance = xorshift(0x9e3779b9);
  const pixels = new Uint8Array(GRAIN_PIXELS * GRAIN_PIXELS * 3);
  for (let at = 0; at < pixels.length; at++) {
    const sumOfFour = chance() + chance() + chance() + chance();
    pixels[at] = Math.round(128 + (sumOfFour - 2) * Math.sqrt(3) * GRAIN_DEVIATION);
  }
  const raw = { width: GRAIN_PIXELS, height: GRAIN_PIXELS, channels: 3 as const };
  return sharp(pixels, { raw }).png({ compressionLevel: 1 }).toBuffer();
}

/** Marsaglia's 32-bit xorshift: numbers from 0 up to 1, the same for the same seed. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
