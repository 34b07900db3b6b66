import type { Sharp } from 'sharp';
import type { SourceHeader } from './header';
import type { PlannedRendition } from './plan';
import { encodingOptions } from './recipe-rules';

export interface StepInput {
  readonly header: SourceHeader;
  readonly planned: PlannedRendition;
}

type Step = (image: Sharp, input: StepInput) => Sharp;

const orient: Step = (image) => image.autoOrient();

const resize: Step = (image, { planned: { spec, pages } }) => {
  const { width, height, fit, position, background, kernel, withoutEnlargement, withoutReduction } = spec;
  if (width === undefined && height === undefined) {
    return image;
  }
  const looksAtContent = position === 'entropy' || position === 'attention';
  const given = { width, height, fit, background, kernel, withoutEnlargement, withoutReduction };
  const usable = pages > 1 && looksAtContent ? given : { ...given, position };
  return image.resize(defined(usable));
};

const standBeforeBackground: Step = (image, { planned: { spec, format } }) =>
  format === 'jpeg' && spec.background !== undefined ? image.flatten({ background: spec.background }) : image;

const keepMetadata: Step = (image, { planned: { spec } }) =>
  spec.keepMetadata ? image.keepMetadata() : image;

const encode: Step = (image, { planned: { spec, format } }) =>
  image.toFormat(format, encodingOptions(spec, format));

/**
 * From a decoded source to a rendition. The order is how the steps read; libvips keeps one of its own: the profile's
 * colours become sRGB first (sharp does that wherever no profile is kept), the resize works on the stored orientation
 * with width and height swapped, so that a turn costs memory for the rendition only, and metadata goes when it is written.
 */
const STEPS: readonly Step[] = [orient, resize, standBeforeBackground, keepMetadata, encode];

export function applySteps(image: Sharp, input: StepInput): Sharp {
  return STEPS.reduce((current, step) => step(current, input), image);
}

function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
