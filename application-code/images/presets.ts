import type { Recipe, RenditionSpec } from './recipe';

/**
 * At this quality a JPEG changes a channel of a photo by 0.5 to 1.7 of 255 on average, and by 0.9
 * to 2.7 at sharp's default of 80.
 */
const ENCODED = { format: 'jpeg', quality: 95 } as const;

const BILINEAR = { resample: 'bilinear', ...ENCODED } as const;
const SQUARE_224 = { width: 224, height: 224, ...BILINEAR } as const;
const SQUARE_299 = { width: 299, height: 299, ...BILINEAR } as const;
/** Black, as `ImageOps.pad` of Pillow and `tf.image.resize_with_pad` have it. */
const PADDED = { fit: 'contain', background: 'black' } as const;

/**
 * Recipes by name: what training and evaluation of a kind of network expect.
 *
 * - `imagenet-224`: `Resize(256)` and `CenterCrop(224)` of torchvision
 *   (https://github.com/pytorch/vision/blob/main/references/classification/presets.py).
 * - `inception-299`: the central 87.5 % of each side, squeezed into the square
 *   (https://github.com/tensorflow/models/blob/master/research/slim/preprocessing/inception_preprocessing.py).
 * - The padded ones keep the whole picture and its proportions.
 */
export const PRESETS = {
  'imagenet-224': one({ name: 'imagenet-224', ...SQUARE_224, shorterSide: 256 }),
  'imagenet-224-padded': one({ name: 'imagenet-224-padded', ...SQUARE_224, ...PADDED }),
  'inception-299': one({
    ...{ name: 'inception-299', ...SQUARE_299 },
    ...{ fit: 'fill', centralFraction: 0.875 },
  }),
  'inception-299-padded': one({ name: 'inception-299-padded', ...SQUARE_299, ...PADDED }),
} as const satisfies Readonly<Record<string, Recipe>>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

export function isPresetName(value: unknown): value is PresetName {
  return typeof value === 'string' && Object.hasOwn(PRESETS, value);
}

function one(spec: RenditionSpec): Recipe {
  return [spec];
}
