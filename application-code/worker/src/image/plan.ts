import { PermanentFault } from '../faults';
import { FORMAT_FACTS, type Format } from './formats';
import type { SourceHeader } from './header';
import type { Recipe, RenditionSpec } from './recipe';
import { resizedSize, type Size } from './size';

/** One rendition of one source, decided before anything is decoded. */
export interface PlannedRendition {
  readonly spec: RenditionSpec;
  readonly format: Format;
  /** Frames that are written: all of an animation where the format can, otherwise 1. */
  readonly pages: number;
  /** A page before `cover` crops or `contain` surrounds it. */
  readonly scaled: Size;
  /** A page as it will be written, in pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Says for each rendition of the recipe what will come out.
 * @throws PermanentFault RenditionImpossible.
 */
export function planRenditions(recipe: Recipe, header: SourceHeader): PlannedRendition[] {
  return recipe.map((spec) => {
    const format = spec.format ?? header.format;
    const pages = FORMAT_FACTS[format].animates ? header.pages : 1;
    const planned = { spec, format, pages, ...resizedSize(spec, orientedSize(header)) };
    refuseImpossible(planned, header);
    return planned;
  });
}

/** A page as it is looked at. */
export function orientedSize({ width, height, orientation }: SourceHeader): Size {
  return orientation > 4 ? { width: height, height: width } : { width, height };
}

function refuseImpossible(planned: PlannedRendition, header: SourceHeader): void {
  const { spec, format, width, height, pages } = planned;
  const { maxSide } = FORMAT_FACTS[format];
  if (Math.max(width, height) > maxSide) {
    throw new PermanentFault(
      'RenditionImpossible',
      `rendition ${spec.name} would be ${width} × ${height} pixels, ${format} holds at most ${maxSide} a side; bound both width and height of the rendition with "fit": "inside"`,
    );
  }
  if (pages > 1 && header.orientation > 4) {
    throw new PermanentFault(
      'RenditionImpossible',
      `the animation's EXIF orientation ${header.orientation} turns it, and libvips cannot turn animations; store its frames upright, or name a format without animation in the recipe`,
    );
  }
}
