import sharp, { type Sharp } from 'sharp';
import type { Sample } from '../../worker/src/workload/canary';
import { FORMAT_FACTS, type Format } from '../formats';

/** A picture by which a build is tried. */
export interface PictureSample extends Sample {
  readonly format: Format;
}

type Colour = readonly [number, number, number];

/**
 * Four by three fields, no two neighbours alike in any channel: a picture that is turned, shifted
 * or of swapped colours differs.
 */
const FIELDS: readonly (readonly Colour[])[] = [
  [
    [200, 40, 60],
    [60, 180, 220],
    [230, 200, 40],
    [50, 60, 150],
  ],
  [
    [30, 120, 50],
    [240, 90, 130],
    [90, 30, 190],
    [210, 220, 230],
  ],
  [
    [250, 160, 90],
    [20, 30, 40],
    [140, 230, 120],
    [130, 70, 20],
  ],
];

// Within jest, each look-up of a global costs more than the rest of a pixel.
const { floor, max } = Math;

/** How far the colour of a field falls from its upper left to its lower right corner. */
const SHADE = 20;

/**
 * The pictures, the same ones every time: each has what a broken build of libvips, or a broken
 * step, would lose. One has a path that S3's events must encode.
 */
export async function makeSamples(): Promise<readonly PictureSample[]> {
  return Promise.all([
    sample(
      'turned photo 1+2 é.jpg',
      'jpeg',
      fields(900, 1200).withMetadata({ orientation: 6 }).jpeg(),
    ),
    sample('transparent.png', 'png', fields(800, 600, { hasHole: true }).png()),
    sample('plain.webp', 'webp', fields(960, 640).webp({ quality: 90 })),
    sample('moving.gif', 'gif', frames(3, 320, 240).gif()),
  ]);
}

async function sample(path: string, format: Format, picture: Sharp): Promise<PictureSample> {
  const { contentType } = FORMAT_FACTS[format];
  return { path, format, contentType, body: await picture.toBuffer() };
}

function fields(width: number, height: number, { hasHole = false } = {}): Sharp {
  const channels = hasHole ? 4 : 3;
  return sharp(pixelsOf(width, height, channels, 0), { raw: { width, height, channels } });
}

/** An animation: each frame has its fields one place further to the right. */
function frames(count: number, width: number, height: number): Sharp {
  const pages = Array.from({ length: count }, (_, frame) => pixelsOf(width, height, 3, frame));
  const raw = { width, height: height * count, channels: 3 as const, pageHeight: height };
  return sharp(Buffer.concat(pages), { raw });
}

function pixelsOf(width: number, height: number, channels: 3 | 4, shift: number): Buffer {
  const pixels = Buffer.alloc(width * height * channels);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += channels) {
      const [across, down] = [(x * 4) / width, (y * 3) / height];
      pixels.set(colourAt(across, down, shift), at);
      if (channels === 4) pixels[at + 3] = isHole(across, down) ? 0 : 255;
    }
  }
  return pixels;
}

function colourAt(across: number, down: number, shift: number): readonly number[] {
  const colour = FIELDS[floor(down)]?.[(floor(across) + shift) % 4] ?? [0, 0, 0];
  const shade = (((across % 1) + (down % 1)) / 2) * SHADE;
  return colour.map((value) => max(0, value - shade));
}

/** The middle of the picture. */
function isHole(across: number, down: number): boolean {
  return across >= 1.5 && across < 2.5 && down >= 1 && down < 2;
}
