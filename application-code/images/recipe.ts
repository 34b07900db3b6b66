import { shown } from '../../text/words';
import { RecipeError, type WorkloadRecipe } from '../worker/src/workload/recipe';
import { FAULTS } from './faults';
import type { Format } from './formats';
import { ALLOCATOR } from './memory/allocator';
import { outputsOf } from './outputs';
import { isPresetName, PRESET_NAMES, PRESETS, type PresetName } from './presets';
import { recipeFaults } from './recipe-rules';
import { IMAGE_SETTINGS } from './settings';

/**
 * One output file wanted of every source object. Every field is sharp's own, with sharp's meaning
 * and default, so that https://sharp.pixelplumbing.com/api-resize and …/api-output explain them;
 * `parseRecipe` states the ranges.
 */
export interface RenditionSpec {
  /**
   * Folder of the rendition below the destination prefix: `[A-Za-z0-9._-]+`, unique in its recipe.
   */
  readonly name: string;
  /** Pixels, 1 to 16,383. Without it the width follows from the height. */
  readonly width?: number;
  /** Pixels, 1 to 16,383. Without it the height follows from the width. */
  readonly height?: number;
  readonly fit?: 'cover' | 'contain' | 'fill' | 'inside' | 'outside';
  /**
   * Where `cover` crops and `contain` places. Animations take no `entropy` or `attention`: they are
   * cropped at their centre.
   */
  readonly position?: string;
  /**
   * Fills the room that `contain` leaves, and stands behind transparency in a JPEG: white by itself
   * there.
   */
  readonly background?: string;
  readonly kernel?:
    | 'nearest'
    | 'linear'
    | 'cubic'
    | 'mitchell'
    | 'lanczos2'
    | 'lanczos3'
    | 'mks2013'
    | 'mks2021';
  /**
   * In place of `kernel`: resizes as Pillow's and torchvision's `BILINEAR` do, from a source that
   * is decoded in full. Needs both width and height; crops and pads at the centre.
   */
  readonly resample?: 'bilinear';
  /**
   * Pixels. The shorter side is resized to it, and width × height cropped from the centre: the
   * `Resize` and `CenterCrop` of torchvision. Needs `resample`.
   */
  readonly shorterSide?: number;
  /**
   * Share of each side of the source that is used, around its centre, 0.01 to 1: the `central_crop`
   * of TensorFlow. Needs `resample`.
   */
  readonly centralFraction?: number;
  readonly withoutEnlargement?: boolean;
  readonly withoutReduction?: boolean;
  /** The source's own format when it is left out. */
  readonly format?: Format;
  /** 1 to 100. Without a format it holds for sources that are JPEG, WebP, AVIF or TIFF. */
  readonly quality?: number;
  readonly progressive?: boolean;
  readonly chromaSubsampling?: '4:2:0' | '4:4:4';
  readonly mozjpeg?: boolean;
  readonly compressionLevel?: number;
  readonly palette?: boolean;
  readonly colours?: number;
  readonly dither?: number;
  readonly lossless?: boolean;
  readonly nearLossless?: boolean;
  readonly alphaQuality?: number;
  readonly smartSubsample?: boolean;
  /**
   * CPU spent on a smaller file: WebP 0 to 6, AVIF 0 to 9, PNG (makes a palette) and GIF 1 to 10.
   */
  readonly effort?: number;
  /**
   * Bytes that the file may have: where it would have more, the quality is lowered until it fits.
   * A file that does not fit at quality 1 is impossible.
   */
  readonly maxBytes?: number;
  readonly compression?: 'none' | 'jpeg' | 'deflate' | 'packbits' | 'lzw' | 'webp';
  /** The first frame of an animation alone. */
  readonly still?: boolean;
  /**
   * Cuts off edges of one colour before the resize; `true` is sharp's `trim()`. What is left may
   * have any proportions, so that the size must be bounded. Animations cannot be trimmed.
   */
  readonly trim?: boolean | TrimOptions;
  /**
   * Resizes in linear light, as sharp's `gamma()`: 1 to 3, `true` for 2.2. Small bright details
   * stay bright. JPEG and WebP take longer, since they are no longer shrunk while they are read.
   */
  readonly gamma?: boolean | number;
  readonly greyscale?: boolean;
  /** Sigma, 0.3 to 1,000; `true` for sharp's fast, mild blur. Not for animations. */
  readonly blur?: boolean | number;
  /** `true` for sharp's fast, mild sharpening. Not for animations. */
  readonly sharpen?: boolean | SharpenOptions;
  /**
   * `p3` writes Display P3 with its profile, and keeps colours that sRGB has not. `srgb` makes sRGB
   * of every source, also where metadata is kept. A source that stays a GIF stays sRGB.
   */
  readonly colourSpace?: 'srgb' | 'p3';
  /**
   * What is kept of the source's metadata; default `none`.
   *
   * `icc`: an RGB profile, in whose colour space the pixels then stay; colours under any other
   * profile become sRGB. `copyright`: artist and copyright of EXIF, creator and rights of XMP.
   * `all`: EXIF, XMP, IPTC and the profile. GPS positions are kept, too.
   */
  readonly metadata?: 'none' | 'copyright' | 'icc' | 'all';
  /** `true` means `"metadata": "all"`. */
  readonly keepMetadata?: boolean;
  /**
   * Pixels that the source's shorter side must have, as it is looked at: 1 to 900. Of a smaller
   * source the rendition is impossible, on purpose: see `ifImpossible`.
   */
  readonly minSourceSide?: number;
  /** How many times the shorter side the source's longer one may be: 1.5 to 1,000. Likewise. */
  readonly maxSourceAspectRatio?: number;
  /** Header with which S3 serves the object, such as `public, max-age=31536000, immutable`. */
  readonly cacheControl?: string;
  /** Header with which S3 serves the object, such as `attachment`. */
  readonly contentDisposition?: string;
  /**
   * What happens to a source of which this rendition cannot be made, such as one with a side above
   * WebP's 16,383 pixels: `fail`, the default, dead-letters it; `skip` makes the others. When none
   * is left, it is dead-lettered all the same.
   */
  readonly ifImpossible?: 'fail' | 'skip';
}

/** https://sharp.pixelplumbing.com/api-resize/#trim */
export interface TrimOptions {
  /** Default: the colour of the top left pixel. */
  readonly background?: string;
  /** Allowed difference from the background, 0 to 255. */
  readonly threshold?: number;
  readonly lineArt?: boolean;
  /** Pixels of the edge that stay. */
  readonly margin?: number;
}

/** https://sharp.pixelplumbing.com/api-operation/#sharpen */
export interface SharpenOptions {
  /** 0.000001 to 10. */
  readonly sigma: number;
  readonly m1?: number;
  readonly m2?: number;
  readonly x1?: number;
  readonly y2?: number;
  readonly y3?: number;
}

export type Recipe = readonly RenditionSpec[];

/** What the worker makes without a recipe: thumbnails in the source's format. */
export const DEFAULT_RECIPE: Recipe = [
  { name: '224x224', width: 224, height: 224, fit: 'inside', withoutEnlargement: true },
];

/**
 * Reads the JSON list of renditions, or the name of a preset that stands for one.
 * @throws RecipeError with every fault at once.
 */
export function parseRecipe(json: string): Recipe {
  const value = parseJson(json);
  if (isPresetName(value)) return PRESETS[value];
  const faults = recipeFaults(value);
  if (faults.length > 0) {
    throw new RecipeError(faults);
  }
  return value as Recipe;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const example = JSON.stringify(DEFAULT_RECIPE);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RecipeError([
      `RECIPE must be JSON such as ${example}, but ${shown(json)} was given (${why})`,
    ]);
  }
}

declare module '../worker/src/workload/recipe' {
  interface Workloads {
    readonly images: {
      readonly recipe: Recipe | PresetName;
      readonly settings: typeof IMAGE_SETTINGS;
    };
  }
}

/** What everything outside of this folder knows of it. */
export const recipe: WorkloadRecipe<Recipe> = {
  about:
    "Renditions of every source object, in sharp's words, or the name of a preset: " +
    `${PRESET_NAMES.map((name) => `\`'${name}'\``).join(', ')}. With \`ifImpossible: 'skip'\` a ` +
    'rendition that cannot be made of an object is left out of it.',
  default: DEFAULT_RECIPE,
  presets: PRESET_NAMES,
  parse: parseRecipe,
  outputs: outputsOf,
  settings: IMAGE_SETTINGS,
  faults: FAULTS,
  processVariables: ALLOCATOR,
};
