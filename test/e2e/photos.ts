import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { FaultCode } from '../../application-code/worker/src/faults';
import { pngFile } from '../fakes/pictures/pictures';

/** A file of a test run and its end: a rendition with the four colours upright, or a fault. */
export interface Photo {
  /** Path below the folder that is uploaded, with slashes. */
  readonly path: string;
  readonly body: Buffer;
  readonly ends: RenditionExpected | { readonly fault: FaultCode };
}

export interface RenditionExpected {
  readonly format: string;
  /** Size after orientation, before the resize. */
  readonly width: number;
  readonly height: number;
  /** Pages of an animated source that must still be there. */
  readonly pages?: number;
  /** False where the picture is too small or too flat to show its four colours. */
  readonly colours?: boolean;
}

/** Red, green, blue and white, from the top left to the bottom right of an upright picture. */
export const QUADRANTS = [
  [220, 30, 30],
  [30, 160, 40],
  [30, 50, 200],
  [240, 240, 240],
] as const;

/** Turns an upright picture into what a camera stores under an EXIF orientation. */
const STORED: Readonly<Record<number, (upright: Sharp) => Sharp>> = {
  1: (upright) => upright,
  2: (upright) => upright.flop(),
  3: (upright) => upright.rotate(180),
  4: (upright) => upright.flip(),
  6: (upright) => upright.rotate(270),
  8: (upright) => upright.rotate(90),
};

export const ORIENTATIONS = Object.keys(STORED).map(Number);

// A test's context looks up a global at each use, which costs more than a pixel.
const { imul } = Math;

/** The four colours with seeded grain (0 to 255), so that files weigh as photographs do. */
export function quadrants(width: number, height: number, grain: number, seed = 1): Sharp {
  const data = new Uint8ClampedArray(width * height * 3);
  let state = seed >>> 0 || 1;
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour =
        QUADRANTS[(y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0)] ?? QUADRANTS[0];
      state = (imul(state, 1664525) + 1013904223) >>> 0;
      const noise = ((state >>> 24) / 255 - 0.5) * grain;
      for (const channel of colour) data[at++] = channel + noise;
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A JPEG as a camera stores it: pixels turned, orientation in EXIF. */
export async function cameraJpeg(
  width: number,
  height: number,
  orientation: number,
  grain = 40,
  quality = 85,
): Promise<Buffer> {
  const turned = await (STORED[orientation] ?? ((upright) => upright))(
    quadrants(width, height, grain, orientation),
  )
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(turned).withMetadata({ orientation }).jpeg({ quality }).toBuffer();
}

/** An animated GIF of `pages` frames. */
export async function animatedGif(width: number, height: number, pages: number): Promise<Buffer> {
  const frame = await quadrants(width, height, 0).png().toBuffer();
  const frames = Array.from({ length: pages }, (_, index) =>
    sharp(frame)
      .composite([
        {
          input: { create: { width: 4 + index, height: 4, channels: 3, background: 'black' } },
          left: 0,
          top: 0,
        },
      ])
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif()
    .toBuffer();
}

/** A PNG of `side` × `side` black pixels, a thousand times smaller than what it decodes to. */
export function decompressionBomb(side: number): Buffer {
  const rows = Buffer.alloc(Math.ceil(side / 8 + 1) * side);
  return pngFile(side, side, { bitDepth: 1, colourType: 0 }, deflateSync(rows, { level: 1 }));
}
