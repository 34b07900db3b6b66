import type { Workload } from '../worker/src/workload/workload';
import type { Recipe } from './recipe';
import { ImageRenderer } from './render/renderer';
import { selfTest } from './self-test';
import type { ImageSettings } from './settings';

/** Renditions of pictures, with sharp. */
export const workload: Workload<Recipe> = {
  createProcessor(recipe, { settings, maxProcesses, ...limits }) {
    const renderer = new ImageRenderer({
      recipe,
      ...limits,
      maxRenders: maxProcesses,
      ...(settings as ImageSettings),
    });
    return {
      async process({ key, bytes, read }, { signal }) {
        const { images, pixels, size, dhash, skipped, milliseconds, release } =
          await renderer.render({
            sourceKey: key,
            bytes,
            download: read,
            signal,
          });
        const lowered = images.flatMap(({ loweredQuality = [] }) => loweredQuality);
        const quality = lowered.length > 0 && { lowestQuality: Math.min(...lowered) };
        const figures = { pixels, ...quality };
        const columns = { ...size, ...(dhash && { dhash }) };
        return { outputs: images, skipped, figures, columns, milliseconds, release };
      },
    };
  },
  selfTest,
};
