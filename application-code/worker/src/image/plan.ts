import { PermanentFault } from '../faults';
import { FORMAT_FACTS, type Format } from './formats';
import type { SourceHeader } from './header';
import type { Recipe, RenditionSpec } from './recipe';

/** One rendition of one source, decided before anything is decoded. */
export interface PlannedRendition {
  readonly spec: RenditionSpec;
  readonly format: Format;
  /** Frames that are written: all of an animation where the format can, otherwise 1. */
  readonly pages: number;
  /** Size in pixels of a page as it will be written. */
  readonly width: number;
  readonly height: number;
}

interface Size {
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
    const planned = { spec, format, pages, ...outputSize(spec, orientedSize(header)) };
    refuseImpossible(planned, header);
    return planned;
  });
}

function orientedSize({ width, height, orientation }: SourceHeader): Size {
  return orientation > 4 ? { width: height, height: width } : { width, height };
}

/** The size that sharp will give, up to rounding. */
export function outputSize(spec: RenditionSpec, source: Size): Size {
  const across = spec.width === undefined ? undefined : spec.width / source.width;
  const down = spec.height === undefined ? undefined : spec.height / source.height;
  const [x, y] = scales(spec.fit ?? 'cover', across ?? down ?? 1, down ?? across ?? 1);
  const scaled = {
    width: Math.max(1, Math.round(source.width * bounded(spec, x))),
    height: Math.max(1, Math.round(source.height * bounded(spec, y))),
  };
  if (spec.width === undefined || spec.height === undefined) {
    return scaled;
  }
  switch (spec.fit ?? 'cover') {
    case 'cover':
      return { width: Math.min(spec.width, scaled.width), height: Math.min(spec.height, scaled.height) };
    case 'contain':
      return { width: Math.max(spec.width, scaled.width), height: Math.max(spec.height, scaled.height) };
    default:
      return scaled;
  }
}

function scales(fit: NonNullable<RenditionSpec['fit']>, across: number, down: number): [number, number] {
  switch (fit) {
    case 'fill':
      return [across, down];
    case 'inside':
    case 'contain':
      return [Math.min(across, down), Math.min(across, down)];
    default:
      return [Math.max(across, down), Math.max(across, down)];
  }
}

function bounded(spec: RenditionSpec, scale: number): number {
  const notLarger = spec.withoutEnlargement ? Math.min(1, scale) : scale;
  return spec.withoutReduction ? Math.max(1, notLarger) : notLarger;
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
