import { nearestWord, shown } from '../../text/words';
import { MOST_SKIPPED_CHARACTERS, namesWithHashes } from '../worker/src/job/skipped-outputs';
import { FORMATS, type Format } from './formats';
import { outputsOf } from './outputs';
import { PRESET_NAMES } from './presets';
import type { Recipe, RenditionSpec } from './recipe';
import {
  ALL_FIELDS,
  COMMON,
  ENCODING,
  type FieldRules,
  integer,
  isObject,
  type Rule,
} from './rendition-options';
import { RESAMPLE_CONFLICTS } from './resample-rules';

const MAX_RENDITIONS = 50;

/** One sentence for each fault of a recipe; none when it is right. */
export function recipeFaults(recipe: unknown): string[] {
  if (!Array.isArray(recipe) || recipe.length < 1 || recipe.length > MAX_RENDITIONS) {
    const near = nearestWord(String(recipe), typeof recipe === 'string' ? PRESET_NAMES : []);
    return [
      `RECIPE must be a list of 1 to ${MAX_RENDITIONS} renditions, or one of the presets ` +
        `${PRESET_NAMES.join(', ')}, but ${shown(recipe)} was given` +
        (near ? `; did you mean \`${near}\`?` : ''),
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
        'RECIPE may have "ifImpossible": "skip" only in renditions whose names, with nine ' +
          `characters and a comma each, take at most ${MOST_SKIPPED_CHARACTERS} characters, but ` +
          `${characters} were given; shorten them`,
      ];
}

function specFaults(spec: unknown, path: string): string[] {
  if (!isObject(spec)) {
    const example = '{"name":"small","width":800}';
    return [`${path} must be an object such as ${example}, but ${shown(spec)} was given`];
  }
  const given: Record<string, unknown> = { name: undefined, ...spec };
  const faults = Object.entries(given).flatMap(([field, value]) => {
    if (!ALL_FIELDS.includes(field)) return [unknownField(field, ALL_FIELDS, path, 'a rendition')];
    const rule = ruleOf(field, given.format);
    if (typeof rule === 'string') return [`${path}.${field} ${rule}`];
    return rule ? valueFaults(rule, value, `${path}.${field}`) : [];
  });
  return faults.length > 0 ? faults : conflicts(given as unknown as RenditionSpec, path);
}

function unknownField(field: string, known: readonly string[], path: string, of: string): string {
  const near = nearestWord(field, known);
  const hint = near ? `did you mean \`${near}\`?` : `known settings are ${known.join(', ')}`;
  return `${path}.${field} is no setting of ${of}; ${hint}`;
}

function valueFaults(rule: Rule, value: unknown, path: string): string[] {
  const { must, holds, words = [], fields } = rule;
  if (!holds(value)) {
    const but = value === undefined ? 'it is missing' : `${shown(value)} was given`;
    const near = nearestWord(String(value), words);
    return [`${path} must be ${must}, but ${but}${near ? `; did you mean \`${near}\`?` : ''}`];
  }
  return fields && isObject(value) ? objectFaults(fields, value, path) : [];
}

function objectFaults(fields: FieldRules, value: Record<string, unknown>, path: string): string[] {
  const of = path.slice(path.lastIndexOf('.') + 1);
  return Object.entries(value).flatMap(([field, inner]) => {
    const rule = fields[field];
    return rule
      ? valueFaults(rule, inner, `${path}.${field}`)
      : [unknownField(field, Object.keys(fields), path, of)];
  });
}

/** Settings of one rendition that are right by themselves and cannot go together. */
function conflicts(spec: RenditionSpec, path: string): string[] {
  return CONFLICTS.filter(({ isGiven }) => isGiven(spec)).map(({ says }) => `${path}${says}`);
}

/** Settings that are at odds with each other. */
export interface Conflict {
  readonly isGiven: (spec: RenditionSpec) => boolean;
  readonly says: string;
}

const CONFLICTS: readonly Conflict[] = [
  {
    isGiven: ({ metadata, keepMetadata }) => metadata !== undefined && keepMetadata !== undefined,
    says: '.keepMetadata must not be given beside metadata, which says more; remove it',
  },
  {
    isGiven: ({ maxBytes, lossless, nearLossless }) =>
      maxBytes !== undefined && Boolean(lossless || nearLossless),
    says: '.maxBytes lowers the quality, and a lossless rendition has none; remove one of them',
  },
  {
    isGiven: ({ colourSpace, format }) => colourSpace === 'p3' && format === 'gif',
    says: '.colourSpace must be srgb in a gif, which holds no profile, but "p3" was given',
  },
  {
    isGiven: ({ trim, position = '' }) => isOn(trim) && ['entropy', 'attention'].includes(position),
    says: '.position must be a side, a corner or the centre beside trim; choose one of these',
  },
  {
    isGiven: (spec) => isOn(spec.trim) && !isBoundedWhenTrimmed(spec),
    says:
      '.trim may leave any proportions, so that the size must be bounded: give both width and ' +
      'height with a fit other than outside, or "withoutEnlargement": true',
  },
  ...RESAMPLE_CONFLICTS,
];

const isOn = (value: unknown) => value !== undefined && value !== false;

function isBoundedWhenTrimmed({ width, height, fit, withoutEnlargement }: RenditionSpec): boolean {
  const isUnsized = width === undefined && height === undefined;
  const isBox = width !== undefined && height !== undefined && fit !== 'outside';
  return isUnsized || isBox || withoutEnlargement === true;
}

/**
 * The rule for a field, or the reason why the rendition cannot have it; undefined when only the
 * wrong format is to blame.
 */
function ruleOf(field: string, format: unknown): Rule | string | undefined {
  const common = COMMON[field];
  if (common) {
    return common;
  }
  const takers = FORMATS.filter((candidate) => Object.hasOwn(ENCODING[candidate], field));
  if (format === undefined) {
    return field === 'quality'
      ? integer(1, 100)
      : `needs a format that takes it (${takers.join(', ')}); ` +
          `add for example "format": "${takers[0]}"`;
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
          `RECIPE[${index}].name must differ from RECIPE[${earlier}].name by more than case, ` +
            `but ${shown(name)} was given`,
        ];
  });
}
