import type { Sharp } from 'sharp';
import type { SourceHeader } from '../decode/header';
import { backgroundOf, isOpaqueFormat } from './background';
import { orientedSize, type PlannedRendition } from './plan';
import { type Axis, resampleAxes } from './resample-axes';
import { centralRegion, type Region, type Size } from './size';

/**
 * Resizes as Pillow and torchvision do with `BILINEAR`: a triangle as wide as the reduction, which
 * is libvips' kernel `linear`. sharp alone differs from it in two ways, which this undoes:
 *
 * - It shrinks a JPEG while it is decoded, by 2, 4 or 8, and rounds odd sides up, which moves what
 *   lies far from the upper left corner. An extraction of what is used rules that out:
 *   https://github.com/lovell/sharp/blob/v0.35.5/src/pipeline.cc#L218. `fastShrinkOnLoad: false`
 *   only halves the factor.
 * - It moves what it enlarges by half a pixel: see {@link Axis}.
 *
 * The picture is turned upright last, so that it is not copied as a whole before: sharp does that
 * for any extraction that follows `autoOrient`.
 */
export function resample(image: Sharp, header: SourceHeader, planned: PlannedRendition): Sharp {
  const { spec, format } = planned;
  const { used, axes } = geometry(header, planned);
  const [across, down] = axes;
  const resized = image
    .extract(asStored(used, header))
    .resize({ width: across.resized, height: down.resized, fit: 'fill', kernel: 'linear' })
    .extract({
      ...{ left: across.offset, top: down.offset },
      ...{ width: across.length, height: down.length },
    });
  const isOpaque = !header.hasAlpha || isOpaqueFormat(spec, format);
  const background = backgroundOf(spec, format);
  return placePixels(resized, axes, isOpaque)
    .extend({
      ...{ left: across.before, right: across.after, top: down.before, bottom: down.after },
      ...(background && { background }),
    })
    .autoOrient();
}

/** What a picture is resized to before it is cropped or its pixels are placed. */
export function resampledSize(header: SourceHeader, planned: PlannedRendition): Size {
  const [across, down] = geometry(header, planned).axes;
  return { width: across.resized, height: down.resized };
}

function geometry(header: SourceHeader, planned: PlannedRendition) {
  const used = centralRegion(planned.spec, orientedSize(header));
  return { used, axes: resampleAxes(used, planned, header.orientation) };
}

/** Puts the pixels of enlarged sides where they belong. */
function placePixels(image: Sharp, [across, down]: readonly [Axis, Axis], isOpaque: boolean) {
  if (across.scale === 1 && down.scale === 1) return image;
  const matrix: [[number, number], [number, number]] = [
    [across.scale, 0],
    [0, down.scale],
  ];
  if (across.scale < 1 || down.scale < 1) return image.affine(matrix, { interpolator: 'nearest' });
  const centred = { idx: centreOffset(across.scale), idy: centreOffset(down.scale) };
  // What lies outside weighs nothing at the edges, as in Pillow: it is transparent.
  const enlarged = image.affine(matrix, {
    ...{ interpolator: 'bilinear', background: 'transparent' },
    ...centred,
  });
  return isOpaque ? enlarged.removeAlpha() : enlarged;
}

/** libvips counts from the corner of a pixel, and Pillow from its centre. */
function centreOffset(scale: number): number {
  return 0.5 - 0.5 / scale;
}

function asStored({ left, top, width, height }: Region, { orientation }: SourceHeader): Region {
  return orientation > 4
    ? { left: top, top: left, width: height, height: width }
    : { left, top, width, height };
}
