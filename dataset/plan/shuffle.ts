import { createHash } from 'node:crypto';
import type { Versions } from '../rows/versions';

/**
 * Shuffles samples: each key has a place that follows from the seed and the key alone, so that the
 * same seed and the same keys have the same order, whatever parts they were in.
 */
export function shuffled(samples: Uint32Array, versions: Versions, seed: string): Uint32Array {
  const places = new Float64Array(versions.size);
  for (const version of samples) places[version] = placeOf(versions.hashOf(version), seed);
  return samples.toSorted((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
}

function placeOf(hash: Readonly<Uint32Array>, seed: string): number {
  const digest = createHash('sha256')
    .update(`${seed}\n${hash.join(' ')}`)
    .digest();
  return digest.readUIntBE(0, 6);
}
