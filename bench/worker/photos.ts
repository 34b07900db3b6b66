import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

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

const SCENES = ['astronaut.jpg', 'hubble-deep-field.webp', 'holiday/Café crème.png', 'IMG_0001.JPG'];
const SAMPLES = join(__dirname, '../../samples');
const GRAIN_PIXELS = 1024;
/** Standard deviation of the sensor's noise around mid grey, so that a file holds about 0.4 bytes per pixel. */
const GRAIN_DEVIATION = 16;

/**
 * Writes twelve JPEGs as a camera makes them (4:2:0, quality 88, sensor noise, 0.8 to 1.9 MB) into a folder. The same
 * sharp makes the same bytes every time.
 */
export async function makePhotos(folder: string): Promise<void> {
  const grain = await makeGrain();
  for (const [index, [width, height]] of SIZES.entries()) {
    const scene = join(SAMPLES, SCENES[index % SCENES.length] ?? '');
    const plain = await sharp(scene)
      .autoOrient()
      .flatten({ background: '#a08c78' })
      .resize(width, height, { fit: 'cover' })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const photo = await sharp(plain)
      .composite([{ input: grain, tile: true, blend: 'hard-light' }])
      .jpeg({ quality: 88, chromaSubsampling: '4:2:0' })
      .toBuffer();
    await writeFile(join(folder, `photo-${String(index + 1).padStart(2, '0')}.jpg`), photo);
  }
}

/**
 * Reads the JPEGs directly inside a folder, in the order of their names.
 * @throws Error when there are none, or no such folder.
 */
export async function readPhotos(folder: string): Promise<Buffer[]> {
  const entries = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`--photos ${folder} cannot be read (${cause.code}); name a folder that holds JPEGs`, {
      cause,
    });
  });
  const names = entries.filter((name) => /\.jpe?g$/i.test(name)).sort();
  if (names.length === 0)
    throw new Error(`--photos ${folder} holds no file that ends in .jpg or .jpeg; name a folder that does`);
  return Promise.all(names.map((name) => readFile(join(folder, name))));
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
