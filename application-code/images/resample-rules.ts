import type { RenditionSpec } from './recipe';
import type { Conflict } from './recipe-rules';

/** Settings that decide what `resample` decides, or that change the source before it. */
const DECIDED = [
  'kernel',
  'position',
  'trim',
  'gamma',
  'withoutEnlargement',
  'withoutReduction',
] as const;

const isGiven = (value: unknown) => value !== undefined && value !== false;

const decided = DECIDED.map(
  (setting): Conflict => ({
    isGiven: (spec) => spec.resample !== undefined && isGiven(spec[setting]),
    says: `.${setting} cannot be had beside resample, which always resizes alike; remove it`,
  }),
);

/** Settings that only a picture that is resampled can have. */
const dependent = (['shorterSide', 'centralFraction'] as const).map(
  (setting): Conflict => ({
    isGiven: (spec) => spec.resample === undefined && spec[setting] !== undefined,
    says: `.${setting} needs "resample": "bilinear"; add it, or remove ${setting}`,
  }),
);

function isSmallerThanCrop({ shorterSide, width = 0, height = 0 }: RenditionSpec): boolean {
  return shorterSide !== undefined && shorterSide < Math.max(width, height);
}

/** What `resample` and what depends on it cannot go together with. */
export const RESAMPLE_CONFLICTS: readonly Conflict[] = [
  ...decided,
  ...dependent,
  {
    isGiven: ({ resample, width, height }) =>
      resample !== undefined && (width === undefined || height === undefined),
    says: '.resample needs both width and height; add what is missing',
  },
  {
    isGiven: ({ shorterSide, centralFraction }) =>
      shorterSide !== undefined && centralFraction !== undefined,
    says: '.shorterSide and .centralFraction both crop the picture; remove one of them',
  },
  {
    isGiven: ({ shorterSide, fit = 'cover' }) => shorterSide !== undefined && fit !== 'cover',
    says: '.fit must be cover beside shorterSide, from which the picture is cropped; remove fit',
  },
  {
    isGiven: isSmallerThanCrop,
    says: '.shorterSide must be at least as large as width and height; raise it to the larger one',
  },
];
