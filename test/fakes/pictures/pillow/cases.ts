import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sharp } from 'sharp';
import type { PresetName } from '../../../../application-code/images/presets';
import { scene } from '../pictures';

/** Every picture × every preset; the pictures are the same each time. */
export const PICTURES: Readonly<Record<string, () => Sharp>> = {
  'a photo of a camera on its side': () =>
    scene(1_600, 1_067).withMetadata({ orientation: 6 }).jpeg({ quality: 92 }),
  'a photo of ImageNet, 500 × 333': () => scene(500, 333).jpeg({ quality: 92 }),
  'a small icon': () => scene(120, 90).png(),
  'a strip': () => scene(1_200, 400).png(),
  'a narrow photo, 201 × 380': () => scene(201, 380).png(),
};

/** How each preset is made with Pillow, and of which size. */
export const METHODS: Readonly<Record<PresetName, readonly [string, number, number]>> = {
  'imagenet-224': ['torchvision', 224, 256],
  'imagenet-224-padded': ['padded', 224, 0],
  'inception-299': ['tensorflow', 299, 0.875],
  'inception-299-padded': ['padded', 299, 0],
};

/** Only every seventh pixel of every seventh row is kept, so that the file stays small. */
const STEP = 7;

/** Of three channels, row by row. */
export function sampledPixels(pixels: Uint8Array, side: number): Buffer {
  const places = Array.from({ length: Math.ceil(side / STEP) }, (_, at) => at * STEP);
  return Buffer.from(
    places.flatMap((y) =>
      places.flatMap((x) => {
        const at = 3 * (y * side + x);
        return [...pixels.subarray(at, at + 3)];
      }),
    ),
  );
}

const FILE = join(__dirname, 'reference.json');

/** The sampled pixels of Pillow, in base64, by picture and preset. */
export type Reference = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const REFERENCE_FILE = FILE;

export function readReference(): Reference {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}
