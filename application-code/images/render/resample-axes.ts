import type { ResizedSize, Size } from './size';

/**
 * What happens along one side of the upright picture, in this order. All lengths are pixels.
 *
 * libvips moves what it enlarges by half a pixel to the right and down, along both sides even when
 * only one is enlarged (https://github.com/libvips/libvips/issues/943). Two ways around it:
 *
 * - Both sides are enlarged: each is made twice as long, where the half is a whole pixel, and
 *   every second pixel is where it belongs.
 * - Only one is: the other is resized alone, and an affine transform enlarges this one. sharp has
 *   no say in which area of it comes out, which is right below twice the length. From there on, the
 *   first way is left, at which the other side becomes a little softer.
 */
export interface Axis {
  /** To what the used part of the source is resized. */
  readonly resized: number;
  /** Part of it that is kept. */
  readonly offset: number;
  readonly length: number;
  /** Of the affine transform that follows; 1 for none. */
  readonly scale: number;
  /** Added before and after it. */
  readonly before: number;
  readonly after: number;
}

interface Side {
  readonly used: number;
  readonly scaled: number;
  /** In the rendition. */
  readonly wanted: number;
  /** Whether the source stores this side from its end to its beginning. */
  readonly isReversed: boolean;
}

/**
 * @param used size of the part of the upright source that is resized.
 * @param orientation of EXIF, 1 to 8.
 */
export function resampleAxes(
  used: Size,
  { scaled, width, height }: ResizedSize,
  orientation: number,
): [Axis, Axis] {
  const across = {
    ...{ used: used.width, scaled: scaled.width, wanted: width },
    isReversed: [2, 3, 6, 7].includes(orientation),
  };
  const down = {
    ...{ used: used.height, scaled: scaled.height, wanted: height },
    isReversed: [3, 4, 7, 8].includes(orientation),
  };
  if (canEnlargeAlone(across, down)) return [enlargedAlone(across), plain(down)];
  if (canEnlargeAlone(down, across)) return [plain(across), enlargedAlone(down)];
  return [doubledOrPlain(across), doubledOrPlain(down)];
}

const doubledOrPlain = (side: Side) => (isEnlarged(side) ? doubled(side) : plain(side));

function isEnlarged({ used, scaled }: Side): boolean {
  return scaled > used;
}

function canEnlargeAlone(side: Side, other: Side): boolean {
  const isWhole = side.wanted >= side.scaled;
  return isEnlarged(side) && !isEnlarged(other) && isWhole && side.scaled < 2 * side.used;
}

function plain(side: Side): Axis {
  const { skipped, length, ...padding } = framed(side);
  return { resized: side.scaled, offset: skipped, length, scale: 1, ...padding };
}

function enlargedAlone(side: Side): Axis {
  const { used, scaled } = side;
  return { ...plain(side), resized: used, length: used, scale: scaled / used };
}

function doubled(side: Side): Axis {
  const { skipped, length, ...padding } = framed(side);
  return {
    resized: 2 * side.scaled,
    offset: 2 * skipped + (side.isReversed ? 0 : 1),
    length: 2 * length - 1,
    scale: 0.5,
    ...padding,
  };
}

/** What is cropped before, kept and added. */
function framed({ scaled, wanted }: Side) {
  const length = Math.min(scaled, wanted);
  const skipped = roundHalfToEven((scaled - length) / 2);
  const before = roundHalfToEven((wanted - length) / 2);
  return { skipped, length, before, after: wanted - length - before };
}

/** As Python rounds, in which torchvision and Pillow place a crop. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
