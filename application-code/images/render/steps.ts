import type { Sharp } from 'sharp';
import type { SourceHeader } from '../decode/header';
import type { RenditionSpec } from '../recipe';
import { encodingOptions } from '../rendition-options';
import { backgroundOf, hasClearBorder, isOpaqueFormat } from './background';
import { convertColours, keptOf, toUntaggedSrgb } from './colours';
import { filter, resizeInLinearLight, trim } from './filters';
import type { KeptMetadata } from './kept-metadata';
import type { PlannedRendition } from './plan';
import { resample } from './resample';

export interface StepInput {
  readonly header: SourceHeader;
  readonly planned: PlannedRendition;
  /** Absent when no rendition keeps metadata. */
  readonly kept?: KeptMetadata | undefined;
}

type Step = (image: Sharp, input: StepInput) => Sharp;

/** A step that looks at the recipe alone. */
const bySpec =
  (step: (image: Sharp, spec: RenditionSpec) => Sharp): Step =>
  (image, { planned }) =>
    step(image, planned.spec);

/**
 * Upright as the EXIF orientation says; the tag itself becomes 1, so that no viewer turns it again.
 * `resample` does it itself.
 */
const orient: Step = (image, { planned }) => (planned.spec.resample ? image : image.autoOrient());

const resize: Step = (image, { header, planned }) => {
  const { spec, format, pages } = planned;
  if (spec.resample) return resample(image, header, planned);
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

const keepMetadata: Step = (image, { planned: { spec }, kept }) => {
  switch (keptOf(spec)) {
    case 'all': {
      const all = kept?.dropsExif ? image.keepMetadata().withExif({}) : image.keepMetadata();
      return kept?.xmp === undefined ? all : all.withXmp(kept.xmp);
    }
    case 'copyright': {
      const { exif, xmp } = kept?.copyright ?? {};
      const signed = exif ? image.withExif({ IFD0: exif }) : image;
      return xmp ? signed.withXmp(xmp) : signed;
    }
    default:
      return image;
  }
};

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
  bySpec(trim),
  bySpec(resizeInLinearLight),
  resize,
  bySpec(filter),
  standBeforeBackground,
  convertColours,
  keepMetadata,
  encode,
];

/** From a source to upright sRGB pixels. */
export const SOURCE_TO_MASTER: readonly Step[] = [
  orient,
  resizeUncropped,
  (image, { header }) => toUntaggedSrgb(image, header),
  (image) => image.raw(),
];

/** From these pixels to fewer of them. */
export const MASTER_TO_MASTER: readonly Step[] = [
  (image, { planned: { scaled, spec } }) =>
    image.resize({ ...scaled, fit: 'fill', ...defined({ kernel: spec.kernel }) }),
  (image) => image.raw(),
];

/** From these pixels to a rendition. */
export const MASTER_TO_RENDITION: readonly Step[] = [
  resizeMaster,
  bySpec(filter),
  standBeforeBackground,
  encode,
];

export function applySteps(image: Sharp, steps: readonly Step[], input: StepInput): Sharp {
  return steps.reduce((current, step) => step(current, input), image);
}

function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as never;
}
