import { LeftOutFault, PermanentFault } from '../../worker/src/faults';
import type { SkippedOutput } from '../../worker/src/workload/recipe';
import type { SourceHeader } from '../decode/header';
import { FORMAT_FACTS, type Format } from '../formats';
import type { Recipe, RenditionSpec } from '../recipe';
import { notForAnimations } from './filters';
import { largestTrimmedSize, resizedSize, type Size } from './size';
import { unwantedSource } from './unwanted-source';

/** One rendition of one source, decided before anything is decoded. */
export interface PlannedRendition {
  readonly spec: RenditionSpec;
  readonly format: Format;
  /** Frames that are written: all of an animation where the format can, otherwise 1. */
  readonly pages: number;
  /** A page before `cover` crops or `contain` surrounds it. */
  readonly scaled: Size;
  /** A page as it will be written, in pixels; at most as large when it is trimmed. */
  readonly width: number;
  readonly height: number;
}

export interface Plan {
  readonly planned: readonly PlannedRendition[];
  readonly skipped: readonly SkippedOutput[];
}

/**
 * Says for each rendition of the recipe what will come out.
 * @throws PermanentFault RenditionImpossible, unless the recipe does without what is impossible; as
 *   a LeftOutFault where the recipe leaves out sources of this kind.
 */
export function planRenditions(recipe: Recipe, header: SourceHeader): Plan {
  const planned: PlannedRendition[] = [];
  const skipped: SkippedOutput[] = [];
  for (const spec of recipe) {
    const format = spec.format ?? header.format;
    const pages = FORMAT_FACTS[format].animates && !spec.still ? header.pages : 1;
    const source = orientedSize(header);
    const size = spec.trim ? largestTrimmedSize(spec, source) : resizedSize(spec, source);
    const one = { spec, format, pages, ...size };
    const unwanted = unwantedSource(spec, source);
    if (unwanted && spec.ifImpossible !== 'skip') throw leftOut({ ...spec, because: unwanted });
    const because = unwanted ?? whyImpossible(one, header);
    if (because === undefined) planned.push(one);
    else skipped.push(skippedOrFault(spec, because));
  }
  refuseNone(planned, skipped);
  return { planned, skipped };
}

/** @throws PermanentFault RenditionImpossible, unless the recipe does without this rendition. */
export function skippedOrFault(
  spec: RenditionSpec,
  because: string,
  cause?: unknown,
): SkippedOutput {
  if (spec.ifImpossible === 'skip') return { name: spec.name, because };
  throw new PermanentFault('RenditionImpossible', because, { cause });
}

/** A source without any rendition would have nothing that says why. */
export function refuseNone(made: readonly unknown[], [first]: readonly SkippedOutput[]): void {
  if (made.length === 0 && first) throw leftOut(first);
}

function leftOut({ name, because }: SkippedOutput): LeftOutFault {
  return new LeftOutFault('RenditionImpossible', because, name);
}

/** A page as it is looked at. */
export function orientedSize({ width, height, orientation }: SourceHeader): Size {
  return orientation > 4 ? { width: height, height: width } : { width, height };
}

function whyImpossible(planned: PlannedRendition, header: SourceHeader): string | undefined {
  const { spec, format, width, height, pages } = planned;
  const { maxSide } = FORMAT_FACTS[format];
  const undone = pages > 1 ? notForAnimations(spec) : undefined;
  if (undone)
    return (
      `rendition ${spec.name} asks for ${undone}, which cannot be done frame by frame; ` +
      'add "still": true, or name a format without animation'
    );
  if (!spec.trim && Math.max(width, height) > maxSide)
    return (
      `rendition ${spec.name} would be ${width} × ${height} pixels, ${format} holds at most ` +
      `${maxSide} a side; bound both width and height of the rendition with "fit": "inside"`
    );
  if (pages > 1 && header.orientation > 4)
    return (
      `the animation's EXIF orientation ${header.orientation} turns it, and libvips cannot turn ` +
      'animations; store its frames upright, or name a format without animation in the recipe'
    );
  return undefined;
}
