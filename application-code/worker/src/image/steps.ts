import type { Sharp } from 'sharp';
import type { SourceHeader } from './header';
import type { PlannedRendition } from './plan';
import { encodingOptions } from './recipe-rules';

export interface StepInput {
  readonly header: SourceHeader;
  readonly planned: PlannedRendition;
}

type Step = (image: Sharp, input: StepInput) => Sharp;

/** Upright as the EXIF orientation says; the tag itself becomes 1, so that no viewer turns it again. */
const orient: Step = (image) => image.autoOrient();

const resize: Step = (image, { planned: { spec, pages } }) => {
  const { width, height, fit, position, background, kernel, withoutEnlargement, withoutReduction } = spec;
  if (width === undefined && height === undefined) {
    return image;
  }
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

/** From a master, which has the source's proportions only up to rounding: the size is the planned one. */
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

const standBeforeBackground: Step = (image, { planned: { spec, format } }) =>
  format === 'jpeg' && spec.background !== undefined ? image.flatten({ background: spec.background }) : image;

/**
 * sharp itself converts embedded profiles to sRGB, but leaves 16-bit colours in Display P3 numbers that nothing says
 * to be so: they need the way from there to sRGB. With metadata kept, colours stay in the profile that is kept.
 */
const convertColours: Step = (image, { header: { space, hasProfile } }) =>
  space === 'rgb16' && hasProfile ? image.withIccProfile('srgb', { attach: false }) : image;

const keepMetadata: Step = (image, input) =>
  input.planned.spec.keepMetadata ? image.keepMetadata() : convertColours(image, input);

/** JPEG in TIFF, sharp's default, has no transparency; a source that has some gets LZW. */
const encode: Step = (image, { header, planned: { spec, format } }) => {
  const compression = format === 'tiff' && header.hasAlpha ? { compression: 'lzw' as const } : {};
  return image.toFormat(format, { ...compression, ...encodingOptions(spec, format) });
};

/**
 * From a source to a rendition. The order is how the steps read; libvips keeps one of its own: colours become sRGB
 * first, the resize works on the stored orientation with width and height swapped, so that a turn costs memory for the
 * rendition only, and metadata is left out when it is written.
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
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
