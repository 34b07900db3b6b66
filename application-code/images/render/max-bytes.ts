import type { Format } from '../formats';
import type { PlannedRendition } from './plan';

/** sharp's own: https://sharp.pixelplumbing.com/api-output */
const DEFAULT_QUALITY: Readonly<Partial<Record<Format, number>>> = { jpeg: 80, webp: 80, avif: 50 };

/** A rendition that fits, or the bytes of the smallest one. */
export type FittedOutput<Output> =
  | { readonly output: Output; readonly loweredQuality?: number }
  | { readonly tooManyBytes: number };

/**
 * Makes a rendition. While it does not fit, halves the range of qualities and makes it again, at
 * most seven times, until the highest quality that fits is found.
 */
export async function fitBytes<Output extends { readonly data: Buffer }>(
  planned: PlannedRendition,
  make: (planned: PlannedRendition) => Promise<Output>,
  signal: AbortSignal,
): Promise<FittedOutput<Output>> {
  const { spec, format } = planned;
  const { maxBytes = Number.POSITIVE_INFINITY, quality = DEFAULT_QUALITY[format] ?? 1 } = spec;
  const first = await make(planned);
  if (first.data.length <= maxBytes) return { output: first };
  let best: FittedOutput<Output> = { tooManyBytes: first.data.length };
  let [fits, exceeds] = [0, quality];
  while (exceeds - fits > 1) {
    signal.throwIfAborted();
    const middle = Math.floor((fits + exceeds) / 2);
    const output = await make({ ...planned, spec: { ...spec, quality: middle } });
    const isFitting = output.data.length <= maxBytes;
    if (isFitting) best = { output, loweredQuality: middle };
    else if ('tooManyBytes' in best) best = { tooManyBytes: output.data.length };
    [fits, exceeds] = isFitting ? [middle, exceeds] : [fits, middle];
  }
  return best;
}
