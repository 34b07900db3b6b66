import type { Sharp } from 'sharp';
import type { SourceHeader } from '../decode/header';
import type { Format } from '../formats';
import type { RenditionSpec } from '../recipe';
import { needs16Bits } from './filters';
import type { KeptMetadata } from './kept-metadata';

export interface ColourInput {
  readonly header: SourceHeader;
  readonly planned: { readonly spec: RenditionSpec; readonly format: Format };
  readonly kept?: KeptMetadata | undefined;
}

/** What a rendition keeps of its source's metadata. */
export function keptOf({ metadata, keepMetadata }: RenditionSpec) {
  return metadata ?? (keepMetadata ? 'all' : 'none');
}

/** Whether a rendition's pixels can come from others in sRGB. */
export function isPlainSrgb(spec: RenditionSpec): boolean {
  return keptOf(spec) === 'none' && spec.colourSpace !== 'p3';
}

/**
 * sharp itself converts embedded profiles to sRGB, with two exceptions. It leaves 16-bit colours in
 * Display P3 numbers that nothing says to be so: they need the way from there to sRGB. And it
 * ignores the profile of 16-bit greys, so that they become 8-bit greys first:
 * https://github.com/lovell/sharp/blob/v0.35.5/src/pipeline.cc#L379
 */
export function toUntaggedSrgb(image: Sharp, { space, hasProfile }: SourceHeader): Sharp {
  if (!hasProfile) return image;
  if (space === 'grey16') return image.pipelineColourspace('b-w');
  return space === 'rgb16' ? image.withIccProfile('srgb', { attach: false }) : image;
}

const IN_16_BITS: Readonly<Record<string, string>> = { srgb: 'rgb16', 'b-w': 'grey16' };

/** Spaces whose pixels a rendition can hold as they are. */
const KEPT_SPACES = ['srgb', 'rgb16'];

/**
 * Colours stay in a profile that is kept. With `keepMetadata` alone, sharp writes sRGB numbers
 * under the profile of greys and ignores that of inks
 * (https://github.com/lovell/sharp/issues/3906), so that those become sRGB, and say so.
 */
export function convertColours(image: Sharp, { header, planned, kept }: ColourInput): Sharp {
  const { spec, format } = planned;
  if (spec.colourSpace === 'p3' && format !== 'gif') return toP3(image, header);
  const { space, hasProfile } = header;
  // A profile of greys is followed in 8 bits alone.
  const wide =
    needs16Bits(spec) && !(space === 'b-w' && hasProfile) ? IN_16_BITS[space] : undefined;
  const deep = wide ? image.pipelineColourspace(wide) : image;
  const source = wide ? { ...header, space: wide } : header;
  if (!['icc', 'all'].includes(keptOf(spec))) return toUntaggedSrgb(deep, source);
  const staysAsItIs = KEPT_SPACES.includes(space) && kept?.hasRgbProfile;
  return spec.colourSpace === 'srgb' || (hasProfile && !staysAsItIs)
    ? toUntaggedSrgb(deep, source).withIccProfile('srgb')
    : deep.keepIccProfile();
}

/**
 * sharp processes 8-bit colours in sRGB, which would cut off what lies outside of it, and 16-bit
 * colours in P3. Without a profile, 16-bit numbers are sRGB's, and sharp would take them for P3's.
 */
function toP3(image: Sharp, { space, hasProfile }: SourceHeader): Sharp {
  const processing = PROCESSING_SPACE[`${space} ${hasProfile ? 'with' : 'without'} profile`];
  return (processing ? image.pipelineColourspace(processing) : image).withIccProfile('p3');
}

const PROCESSING_SPACE: Readonly<Record<string, string>> = {
  'srgb with profile': 'rgb16',
  'rgb16 without profile': 'srgb',
  'grey16 with profile': 'b-w',
};
