import { FORMATS, type Format } from './formats';
import type { RenditionSpec } from './recipe';

/** WebP's largest side, so that a size is good for every format. */
const MAX_SIDE = 16_383;
/** Formats with a `quality` that does not change what kind of image they hold. */
const QUALITY_FORMATS: readonly Format[] = ['jpeg', 'webp', 'avif', 'tiff'];
const POSITIONS = (
  'top, right top, right, right bottom, bottom, left bottom, left, left top, ' +
  'north, northeast, east, southeast, south, southwest, west, northwest, centre, center, ' +
  'entropy, attention'
).split(', ');

/** What a value must be, as the end of "must be …", and whether it is. */
export interface Rule {
  readonly must: string;
  readonly holds: (value: unknown) => boolean;
  /** All values that there are, where they can be listed. */
  readonly words?: readonly string[];
  /** Rules for the fields of a value that is an object. */
  readonly fields?: FieldRules;
}

export type FieldRules = Readonly<Record<string, Rule>>;

export const integer = (from: number, to: number): Rule => ({
  must: `an integer between ${from} and ${to}`,
  holds: (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
});
const oneOf = (words: readonly string[]): Rule => ({
  must: `one of ${words.join(', ')}`,
  holds: (value) => words.includes(value as string),
  words,
});
const number = (from: number, to: number): Rule => ({
  must: `a number between ${from} and ${to}`,
  holds: (value) => typeof value === 'number' && value >= from && value <= to,
});
const flag: Rule = { must: 'true or false', holds: (value) => typeof value === 'boolean' };
const flagOr = (rule: Rule): Rule => ({
  ...rule,
  must: `true, false or ${rule.must}`,
  holds: (value) => flag.holds(value) || rule.holds(value),
});
/** Its fields have faults of their own. */
const objectOf = (fields: FieldRules, required?: string): Rule => ({
  must: `an object of ${Object.keys(fields).join(', ')}${required ? `, with ${required}` : ''}`,
  holds: (value) => isObject(value) && (required === undefined || required in value),
  fields,
});

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NAME: Rule = {
  must: 'made of A–Z, a–z, 0–9, dots, underscores and hyphens, and neither "." nor ".."',
  holds: (value) =>
    typeof value === 'string' && /^[A-Za-z0-9._-]+$/.test(value) && !/^\.\.?$/.test(value),
};
const COLOUR: Rule = {
  must: 'a colour such as "#fff", "#336699", "#33669980", "white", "black" or "transparent"',
  holds: (value) =>
    typeof value === 'string' &&
    /^(#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|white|black|transparent)$/i.test(value),
};

/**
 * What a header can hold. S3 takes 8 KB of headers for a request:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
const HEADER: Rule = {
  must: '1 to 1,000 printable ASCII characters without a space at either end',
  holds: (value) =>
    typeof value === 'string' && value.length <= 1_000 && /^[!-~]([ -~]*[!-~])?$/.test(value),
};

/** As in https://sharp.pixelplumbing.com/api-operation/#sharpen. */
const SHARPEN = objectOf(
  {
    sigma: number(0.000001, 10),
    m1: number(0, 1_000_000),
    m2: number(0, 1_000_000),
    x1: number(0, 1_000_000),
    y2: number(0, 1_000_000),
    y3: number(0, 1_000_000),
  },
  'sigma',
);
/** As in https://sharp.pixelplumbing.com/api-resize/#trim. */
const TRIM = objectOf({
  background: COLOUR,
  threshold: number(0, 255),
  lineArt: flag,
  margin: integer(0, 10_000_000),
});

/** Fields that every rendition takes. */
export const COMMON: FieldRules = {
  name: NAME,
  width: integer(1, MAX_SIDE),
  height: integer(1, MAX_SIDE),
  fit: oneOf(['cover', 'contain', 'fill', 'inside', 'outside']),
  position: oneOf(POSITIONS),
  background: COLOUR,
  kernel: oneOf([
    'nearest',
    'linear',
    'cubic',
    'mitchell',
    'lanczos2',
    'lanczos3',
    'mks2013',
    'mks2021',
  ]),
  resample: oneOf(['bilinear']),
  shorterSide: integer(1, MAX_SIDE),
  centralFraction: number(0.01, 1),
  withoutEnlargement: flag,
  withoutReduction: flag,
  format: oneOf(FORMATS),
  still: flag,
  trim: flagOr(TRIM),
  gamma: flagOr(number(1, 3)),
  greyscale: flag,
  blur: flagOr(number(0.3, 1_000)),
  sharpen: flagOr(SHARPEN),
  colourSpace: oneOf(['srgb', 'p3']),
  metadata: oneOf(['none', 'copyright', 'icc', 'all']),
  keepMetadata: flag,
  // So much that a picture of the canary remains, without which no build could be promoted.
  minSourceSide: integer(1, 900),
  maxSourceAspectRatio: number(1.5, 1_000),
  cacheControl: HEADER,
  contentDisposition: HEADER,
  ifImpossible: oneOf(['fail', 'skip']),
} satisfies Partial<Record<keyof RenditionSpec, Rule>>;

const maxBytes = integer(100, 2_000_000_000);
const chromaSubsampling = oneOf(['4:2:0', '4:4:4']);

/** Fields that only some formats take, with each format's own range. */
export const ENCODING: Readonly<Record<Format, FieldRules>> = {
  jpeg: { quality: integer(1, 100), progressive: flag, chromaSubsampling, mozjpeg: flag, maxBytes },
  png: {
    quality: integer(1, 100),
    progressive: flag,
    compressionLevel: integer(0, 9),
    palette: flag,
    colours: integer(2, 256),
    effort: integer(1, 10),
  },
  webp: {
    quality: integer(1, 100),
    alphaQuality: integer(0, 100),
    lossless: flag,
    nearLossless: flag,
    smartSubsample: flag,
    effort: integer(0, 6),
    maxBytes,
  },
  avif: {
    quality: integer(1, 100),
    lossless: flag,
    effort: integer(0, 9),
    chromaSubsampling,
    maxBytes,
  },
  tiff: {
    quality: integer(1, 100),
    compression: oneOf(['none', 'jpeg', 'deflate', 'packbits', 'lzw', 'webp']),
  },
  gif: {
    colours: integer(2, 256),
    effort: integer(1, 10),
    dither: number(0, 1),
  },
};
export const ALL_FIELDS = [
  ...new Set([COMMON, ...Object.values(ENCODING)].flatMap((rules) => Object.keys(rules))),
];

/**
 * Fields of `spec` that say how to encode, for a rendition in `format`; those that the format lacks
 * are left out. JPEG in TIFF, sharp's default, has no transparency, so that a picture that has some
 * gets LZW.
 */
export function encodingOptions(
  spec: RenditionSpec,
  format: Format,
  isTransparent: boolean,
): Record<string, unknown> {
  const named = spec.format !== undefined || QUALITY_FORMATS.includes(format);
  const isOwn = (field: string) => field !== 'maxBytes' && Object.hasOwn(ENCODING[format], field);
  const fields = Object.entries(spec).filter(([field]) => isOwn(field));
  const compression = format === 'tiff' && isTransparent ? { compression: 'lzw' } : {};
  return { ...compression, ...(named ? Object.fromEntries(fields) : {}) };
}
