import type { Renditions } from './ports';

/** The same renditions; each write is told of before it begins. */
export function tellingOfWrites(renditions: Renditions, onWrite: () => void): Renditions {
  return {
    write: (rendition, signal) => {
      onWrite();
      return renditions.write(rendition, signal);
    },
    probe: (signal) => renditions.probe(signal),
  };
}
