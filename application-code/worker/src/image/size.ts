import type { RenditionSpec } from './recipe';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface ResizedSize extends Size {
  /** Before `cover` crops or `contain` surrounds it. */
  readonly scaled: Size;
}

/** The size that sharp gives a page of an upright source. */
export function resizedSize(spec: RenditionSpec, source: Size): ResizedSize {
  const [across, down] = scales(spec, source);
  const scaled = {
    width: side(source.width, bounded(spec, across)),
    height: side(source.height, bounded(spec, down)),
  };
  return { scaled, ...framed(spec, scaled) };
}

/** Factors by which width and height change. */
function scales({ width, height, fit = 'cover' }: RenditionSpec, source: Size): [number, number] {
  const across = width === undefined ? undefined : width / source.width;
  const down = height === undefined ? undefined : height / source.height;
  if (fit === 'fill') {
    return [across ?? 1, down ?? 1];
  }
  const both = [across ?? down ?? 1, down ?? across ?? 1];
  const scale = fit === 'inside' || fit === 'contain' ? Math.min(...both) : Math.max(...both);
  return [scale, scale];
}

function bounded(spec: RenditionSpec, scale: number): number {
  if (spec.withoutReduction) {
    return Math.max(1, scale);
  }
  return spec.withoutEnlargement ? Math.min(1, scale) : scale;
}

function side(pixels: number, scale: number): number {
  return Math.max(1, Math.round(pixels * scale));
}

function framed({ width, height, fit = 'cover' }: RenditionSpec, scaled: Size): Size {
  const wanted = { width: width ?? scaled.width, height: height ?? scaled.height };
  switch (fit) {
    case 'cover':
      return { width: Math.min(wanted.width, scaled.width), height: Math.min(wanted.height, scaled.height) };
    case 'contain':
      return { width: Math.max(wanted.width, scaled.width), height: Math.max(wanted.height, scaled.height) };
    default:
      return scaled;
  }
}
