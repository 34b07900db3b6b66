import type { Sharp } from 'sharp';
import type { SourceHeader } from '../decode/header';
import { encodingOptions } from '../recipe-rules';
import { backgroundOf, hasClearBorder, isOpaqueFormat } from './background';
import type { KeptMetadata } from './kept-metadata';
import type { PlannedRendition } from './plan';

export interface StepInput {
  readonly header: SourceHeader;
  readonly planned: PlannedRendition;
  /** Absent when no rendition keeps metadata. */
  readonly kept?: KeptMetadata | undefined;
}

type Step = (image: Sharp, input: StepInput) => Sharp;

/**
 * Upright as the EXIF orientation says; the tag itself becomes 1, so that no viewer turns it again.
 */
const orient: Step = (image) => image.autoOrient();

const resize: Step = (image, { planned: { spec, format, pages } }) => {
  const { width, height, fit, position, kernel, withoutEnlargement, withoutReduction } = spec;
  if (width === undefined && height === undefined) {
    return image;
  }
  const background = fit === 'contain' ? backgroundOf(spec, format) : undefined;
  const looksAtContent = position === 'entropy' || position === 'attention';
  const given = { width, height, fit, background, kernel, withoutEnlargement, withoutReduction };
  return image.resize(defined(pages > 1 && looksAtContent ? given : { ...given, position }));
};

/** As large as the rendition before it is cropped or surrounded. */
const resizeUncropped: Step = (image, input) => {
  const { fit = 'cover' } = input.planned.spec;
  const uncropped = fit === 'cover' ? 'outside' : fit === 'contain' ? 'inside' : fit;
  return resize(image, {
    ...input,
    planned: { ...input.planned, spec: { ...input.planned.spec, fit: uncropped } },
  });
};

/**
 * From a master, which has the source's proportions only up to rounding: the size is the planned
 * one.
 */
const resizeMaster: Step = (image, input) => {
  const { spec, width, height } = input.planned;
  const framed =
    spec.width !== undefined &&
    spec.height !== undefined &&
    !['inside', 'outside'].includes(spec.fit ?? 'cover');
  return framed
    ? resize(image, input)
    : image.resize({ width, height, fit: 'fill', ...defined({ kernel: spec.kernel }) });
};

/**
 * Without a flatten, sharp leaves black where a format without transparency has nothing. What has
 * no alpha it would leave alone: https://github.com/lovell/sharp/blob/v0.35.5/src/pipeline.cc#L401
 */
const standBeforeBackground: Step = (image, { header, planned: { spec, format } }) =>
  header.hasAlpha && isOpaqueFormat(spec, format)
    ? image.flatten(defined({ background: backgroundOf(spec, format) }))
    : image;

/**
 * sharp itself converts embedded profiles to sRGB, with two exceptions. It leaves 16-bit colours in
 * Display P3 numbers that nothing says to be so: they need the way from there to sRGB. And it
 * passes over the profile of 16-bit greys, so that they become 8-bit greys first:
 * https://github.com/lovell/sharp/blob/v0.35.5/src/pipeline.cc#L379
 */
const convertColours: Step = (image, { header: { space, hasProfile } }) => {
  if (!hasProfile) return image;
  if (space === 'grey16') return image.pipelineColourspace('b-w');
  return space === 'rgb16' ? image.withIccProfile('srgb', { attach: false }) : image;
};

/**
 * Colours stay in a profile that is kept. With `keepMetadata` alone, sharp writes sRGB numbers
 * under the profile of greys and ignores that of inks
 * (https://github.com/lovell/sharp/issues/3906), so that those become sRGB, and say so.
 */
const keepMetadata: Step = (image, input) => {
  const { header, planned, kept } = input;
  if (!planned.spec.keepMetadata) return convertColours(image, input);
  const keepsProfile = KEPT_SPACES.includes(header.space) && kept?.hasRgbProfile;
  const coloured = header.hasProfile && !keepsProfile ? toSrgb(image, input) : image;
  const all = coloured.keepMetadata();
  const withoutExif = kept?.dropsExif ? all.withExif({}) : all;
  return kept?.xmp === undefined ? withoutExif : withoutExif.withXmp(kept.xmp);
};

const toSrgb: Step = (image, input) => convertColours(image, input).withIccProfile('srgb');

/** Spaces whose pixels a rendition can hold as they are. */
const KEPT_SPACES = ['srgb', 'rgb16'];

const encode: Step = (image, { header, planned: { spec, format } }) => {
  const isTransparent = header.hasAlpha || hasClearBorder(spec);
  return image.toFormat(format, { ...encodingOptions(spec, format, isTransparent) });
};

/**
 * From a source to a rendition. The order is how the steps read; libvips keeps one of its own:
 * colours become sRGB first, the resize works on the stored orientation with width and height
 * swapped, so that a turn costs memory for the rendition only, and metadata is left out when it is
 * written.
 */
export const SOURCE_TO_RENDITION: readonly Step[] = [
  orient,
  resize,
  standBeforeBackground,
  keepMetadata,
  encode,
];

/** From a source to upright sRGB pixels. */
export const SOURCE_TO_MASTER: readonly Step[] = [
  orient,
  resizeUncropped,
  convertColours,
  (image) => image.raw(),
];

/** From these pixels to a rendition. */
export const MASTER_TO_RENDITION: readonly Step[] = [resizeMaster, standBeforeBackground, encode];

export function applySteps(image: Sharp, steps: readonly Step[], input: StepInput): Sharp {
  return steps.reduce((current, step) => step(current, input), image);
}

function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as never;
}
