import type { RenditionSpec } from '../recipe';
import type { Size } from './size';

/**
 * Why a recipe leaves a rendition of a source out on purpose; undefined when it does not.
 * @param source as it is looked at.
 */
export function unwantedSource(spec: RenditionSpec, source: Size): string | undefined {
  const { name, minSourceSide = 0, maxSourceAspectRatio = Number.POSITIVE_INFINITY } = spec;
  const [shorter = 0, longer = 0] = [source.width, source.height].sort((a, b) => a - b);
  const size = `${source.width} × ${source.height}`;
  if (shorter < minSourceSide)
    return (
      `rendition ${name} is made of pictures with at least ${minSourceSide} pixels a side, and ` +
      `this one has ${size}; lower minSourceSide, or leave the picture out`
    );
  if (longer > shorter * maxSourceAspectRatio)
    return (
      `rendition ${name} is made of pictures whose longer side is at most ` +
      `${maxSourceAspectRatio} times the shorter one, and this one has ${size}; raise ` +
      'maxSourceAspectRatio, or leave the picture out'
    );
  return undefined;
}
