import { nearestWord, shown } from '../../text/nearest-word';
import { MOST_SKIPPED_CHARACTERS, namesWithHashes } from '../worker/src/job/skipped-outputs';
import { FORMATS, type Format } from './formats';
import { outputsOf } from './outputs';
import type { Recipe, RenditionSpec } from './recipe';

/** WebP's largest side, so that a size is good for every format. */
const MAX_SIDE = 16_383;
const MAX_RENDITIONS = 50;
/** Formats with a `quality` that does not change what kind of image they hold. */
const QUALITY_FORMATS: readonly Format[] = ['jpeg', 'webp', 'avif', 'tiff'];
const POSITIONS =
  'top, right top, right, right bottom, bottom, left bottom, left, left top, north, northeast, east, southeast, south, southwest, west, northwest, centre, center, entropy, attention'.split(
    ', ',
  );

/** What a value must be, as the end of "must be …", and whether it is. */
interface Rule {
  readonly must: string;
  readonly holds: (value: unknown) => boolean;
  /** All values that there are, where they can be listed. */
  readonly words?: readonly string[];
}

const integer = (from: number, to: number): Rule => ({
  must: `an integer between ${from} and ${to}`,
  holds: (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
});
const oneOf = (words: readonly string[]): Rule => ({
  must: `one of ${words.join(', ')}`,
  holds: (value) => words.includes(value as string),
  words,
});
const flag: Rule = { must: 'true or false', holds: (value) => typeof value === 'boolean' };

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

type FieldRules = Readonly<Record<string, Rule>>;

/** Fields that every rendition takes. */
const COMMON = {
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
  withoutEnlargement: flag,
  withoutReduction: flag,
  format: oneOf(FORMATS),
  keepMetadata: flag,
  ifImpossible: oneOf(['fail', 'skip']),
} satisfies Partial<Record<keyof RenditionSpec, Rule>>;

const chromaSubsampling = oneOf(['4:2:0', '4:4:4']);

/** Fields that only some formats take, with each format's own range. */
const ENCODING: Readonly<Record<Format, FieldRules>> = {
  jpeg: { quality: integer(1, 100), progressive: flag, chromaSubsampling, mozjpeg: flag },
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
  },
  avif: { quality: integer(1, 100), lossless: flag, effort: integer(0, 9), chromaSubsampling },
  tiff: {
    quality: integer(1, 100),
    compression: oneOf(['none', 'jpeg', 'deflate', 'packbits', 'lzw', 'webp']),
  },
  gif: {
    colours: integer(2, 256),
    effort: integer(1, 10),
    dither: {
      must: 'a number between 0 and 1',
      holds: (v) => typeof v === 'number' && v >= 0 && v <= 1,
    },
  },
};
const ALL_FIELDS = [
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
  const fields = Object.entries(spec).filter(([field]) => Object.hasOwn(ENCODING[format], field));
  const compression = format === 'tiff' && isTransparent ? { compression: 'lzw' } : {};
  return { ...compression, ...(named ? Object.fromEntries(fields) : {}) };
}

/** One sentence for each fault of a recipe; none when it is right. */
export function recipeFaults(recipe: unknown): string[] {
  if (!Array.isArray(recipe) || recipe.length < 1 || recipe.length > MAX_RENDITIONS) {
    return [
      `RECIPE must be a list of 1 to ${MAX_RENDITIONS} renditions, but ${shown(recipe)} was given`,
    ];
  }
  return [
    ...recipe.flatMap((spec, index) => specFaults(spec, `RECIPE[${index}]`)),
    ...duplicateNames(recipe),
    ...longSkippableNames(recipe),
  ];
}

/** The metadata of the other renditions holds these names. */
function longSkippableNames(recipe: readonly unknown[]): string[] {
  const specs = recipe.filter(
    (spec) => (spec as RenditionSpec | null)?.ifImpossible === 'skip',
  ) as Recipe;
  const characters = namesWithHashes(outputsOf(specs)).length;
  return characters <= MOST_SKIPPED_CHARACTERS
    ? []
    : [
        `RECIPE may have "ifImpossible": "skip" only in renditions whose names, with nine characters and a comma each, take at most ${MOST_SKIPPED_CHARACTERS} characters, but ${characters} were given; shorten them`,
      ];
}

function specFaults(spec: unknown, path: string): string[] {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) {
    return [
      `${path} must be an object such as {"name":"small","width":800}, but ${shown(spec)} was given`,
    ];
  }
  const given = { name: undefined, ...spec } as Record<string, unknown>;
  return Object.entries(given).flatMap(([field, value]) => fieldFaults(given, field, value, path));
}

function fieldFaults(
  spec: Record<string, unknown>,
  field: string,
  value: unknown,
  path: string,
): string[] {
  if (!ALL_FIELDS.includes(field)) {
    const near = nearestWord(field, ALL_FIELDS);
    const hint = near ? `did you mean \`${near}\`?` : `known settings are ${ALL_FIELDS.join(', ')}`;
    return [`${path}.${field} is no setting of a rendition; ${hint}`];
  }
  const rule = ruleOf(field, spec.format);
  if (typeof rule === 'string') {
    return [`${path}.${field} ${rule}`];
  }
  if (!rule || rule.holds(value)) {
    return [];
  }
  const but = value === undefined ? 'it is missing' : `${shown(value)} was given`;
  const near = nearestWord(String(value), rule.words ?? []);
  return [
    `${path}.${field} must be ${rule.must}, but ${but}${near ? `; did you mean \`${near}\`?` : ''}`,
  ];
}

/**
 * The rule for a field, or the reason why the rendition cannot have it; undefined when only the
 * wrong format is to blame.
 */
function ruleOf(field: string, format: unknown): Rule | string | undefined {
  const common = (COMMON as FieldRules)[field];
  if (common) {
    return common;
  }
  const takers = FORMATS.filter((candidate) => Object.hasOwn(ENCODING[candidate], field));
  if (format === undefined) {
    return field === 'quality'
      ? integer(1, 100)
      : `needs a format that takes it (${takers.join(', ')}); add for example "format": "${takers[0]}"`;
  }
  if (!FORMATS.includes(format as Format)) {
    return undefined;
  }
  return (
    ENCODING[format as Format][field] ?? `is no setting of ${format}; ${takers.join(', ')} take it`
  );
}

/** Names that differ only in case would be one folder on many disks, so they count as the same. */
function duplicateNames(recipe: readonly unknown[]): string[] {
  const first = new Map<string, number>();
  return recipe.flatMap((spec, index) => {
    const name = (spec as { name?: unknown } | null)?.name;
    if (typeof name !== 'string') {
      return [];
    }
    const earlier = first.get(name.toLowerCase());
    first.set(name.toLowerCase(), earlier ?? index);
    return earlier === undefined
      ? []
      : [
          `RECIPE[${index}].name must differ from RECIPE[${earlier}].name by more than case, but ${shown(name)} was given`,
        ];
  });
}
