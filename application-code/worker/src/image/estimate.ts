import type { SourceHeader } from './header';
import type { PlannedRendition } from './plan';

export const MIB = 1024 * 1024;
/** Kept for Node, the SDK and libvips itself. */
export const RESERVED_MIB = 128;

/** Bytes that decoding and encoding one rendition at a time take at most, beyond the source's own bytes. */
export function estimateRenderBytes(header: SourceHeader, renditions: readonly PlannedRendition[]): number {
  const decoded = header.pixels * header.channels * header.bytesPerChannel;
  const coefficients = header.progressive ? header.pixels * (header.subsampled ? 3 : 6) : 0;
  const outputs = renditions.map(({ width, height, pages }) => width * height * pages * 4);
  return 16 * MIB + Math.max(decoded / 3, coefficients) + outputs.reduce((sum, bytes) => sum + bytes, 0);
}
