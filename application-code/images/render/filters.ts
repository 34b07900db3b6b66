import type { Sharp } from 'sharp';
import type { RenditionSpec } from '../recipe';

type Filter = (image: Sharp, spec: RenditionSpec) => Sharp;

/** `true` stands for sharp's own default. */
const argument = <T>(value: T | true): T | undefined => (value === true ? undefined : value);

/** Works on the source's pixels, before the resize. */
export const trim: Filter = (image, { trim: given }) =>
  given ? image.trim(argument(given)) : image;

/** sharp darkens before the resize and brightens at the end: so light is averaged, not numbers. */
export const resizeInLinearLight: Filter = (image, { gamma }) =>
  gamma ? image.gamma(argument(gamma)) : image;

/** 8 bits have too few dark colours to be darkened: fields become bands. */
export function needs16Bits({ gamma }: RenditionSpec): boolean {
  return Boolean(gamma);
}

const greyscale: Filter = (image, spec) => (spec.greyscale ? image.greyscale() : image);

const blur: Filter = (image, spec) => (spec.blur ? image.blur(spec.blur) : image);

const sharpen: Filter = (image, spec) =>
  spec.sharpen ? image.sharpen(argument(spec.sharpen)) : image;

/** Work on the resized pixels, in sharp's order whatever the order here. */
export const filter: Filter = (image, spec) =>
  [greyscale, blur, sharpen].reduce((current, step) => step(current, spec), image);

/** Words of a recipe that sharp would do to all frames at once, over their edges. */
const FRAME_BY_FRAME = ['trim', 'blur', 'sharpen', 'resample'] as const;

/** The first word of a rendition that an animation cannot have. */
export function notForAnimations(spec: RenditionSpec): string | undefined {
  return FRAME_BY_FRAME.find((word) => spec[word]);
}
