import type { RenditionSpec } from '../recipe';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of a picture, in pixels. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

export interface ResizedSize extends Size {
  /** Before `cover` crops or `contain` surrounds it. */
  readonly scaled: Size;
}

/**
 * The size that sharp makes of a page of an upright source. It divides as sharp does, so that
 * halves fall as they do there; one half in hundreds still falls to the other side, since libvips
 * rounds twice.
 */
export function resizedSize(spec: RenditionSpec, source: Size): ResizedSize {
  const scaled = spec.shorterSide
    ? shorterSideScaled(source, spec.shorterSide)
    : scaledSize(spec, centralRegion(spec, source));
  return { scaled, ...framed(spec, scaled) };
}

/**
 * The part of an upright source that is used, rounded as TensorFlow rounds it:
 * https://github.com/tensorflow/tensorflow/blob/v2.16.1/tensorflow/python/ops/image_ops_impl.py
 * (`central_crop`).
 */
export function centralRegion({ centralFraction = 1 }: RenditionSpec, source: Size): Region {
  const left = Math.trunc((source.width - source.width * centralFraction) / 2);
  const top = Math.trunc((source.height - source.height * centralFraction) / 2);
  return { left, top, width: source.width - 2 * left, height: source.height - 2 * top };
}

/**
 * The longer side is rounded down, as torchvision does:
 * https://github.com/pytorch/vision/blob/main/torchvision/transforms/functional.py
 * (`_compute_resized_output_size`).
 */
function shorterSideScaled({ width, height }: Size, shorter: number): Size {
  const longer = Math.floor((shorter * Math.max(width, height)) / Math.min(width, height));
  return width <= height ? { width: shorter, height: longer } : { width: longer, height: shorter };
}

function scaledSize(spec: RenditionSpec, source: Size): Size {
  const [across, down] = shrinks(spec, source);
  return {
    width: side(source.width, bounded(spec, across)),
    height: side(source.height, bounded(spec, down)),
  };
}

/** No trimmed picture is larger, whatever is cut off; the rules of recipes see to a bound. */
export function largestTrimmedSize(spec: RenditionSpec, source: Size): ResizedSize {
  const { width, height, withoutReduction } = spec;
  const size =
    width && height && !withoutReduction
      ? { width, height }
      : {
          width: Math.max(width ?? 0, source.width),
          height: Math.max(height ?? 0, source.height),
        };
  return { ...size, scaled: size };
}

/** Divisors of width and height; below 1 they enlarge. */
function shrinks({ width, height, fit = 'cover' }: RenditionSpec, source: Size): [number, number] {
  const across = width === undefined ? undefined : source.width / width;
  const down = height === undefined ? undefined : source.height / height;
  if (fit === 'fill') {
    return [across ?? 1, down ?? 1];
  }
  const both = [across ?? down ?? 1, down ?? across ?? 1];
  const shrink = fit === 'inside' || fit === 'contain' ? Math.max(...both) : Math.min(...both);
  return [shrink, shrink];
}

function bounded(spec: RenditionSpec, shrink: number): number {
  if (spec.withoutReduction) {
    return Math.min(1, shrink);
  }
  return spec.withoutEnlargement ? Math.max(1, shrink) : shrink;
}

function side(pixels: number, shrink: number): number {
  return Math.max(1, Math.round(pixels / shrink));
}

function framed({ width, height, fit = 'cover' }: RenditionSpec, scaled: Size): Size {
  const wanted = { width: width ?? scaled.width, height: height ?? scaled.height };
  switch (fit) {
    case 'cover':
      return {
        width: Math.min(wanted.width, scaled.width),
        height: Math.min(wanted.height, scaled.height),
      };
    case 'contain':
      return {
        width: Math.max(wanted.width, scaled.width),
        height: Math.max(wanted.height, scaled.height),
      };
    default:
      return scaled;
  }
}
