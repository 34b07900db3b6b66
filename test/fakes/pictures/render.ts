import type { Recipe, RenditionSpec } from '../../../application-code/images/recipe';
import type {
  RenderedImage,
  RenderResult,
} from '../../../application-code/images/render/render-result';
import {
  ImageRenderer,
  type ImageRendererOptions,
} from '../../../application-code/images/render/renderer';

/** Renders as a worker does that has room for everything. */
export function render(
  source: Buffer,
  recipe: Recipe,
  options: Partial<ImageRendererOptions> = {},
): Promise<RenderResult> {
  const renderer = new ImageRenderer({
    recipe,
    memoryLimitMiB: 2_048,
    maxSourceBytes: 100_000_000,
    maxSourcePixels: 100_000_000,
    maxRenders: 2,
    ...options,
  });
  const { signal } = new AbortController();
  return renderer.render({
    sourceKey: 'a.jpg',
    bytes: source.length,
    download: async () => source,
    signal,
  });
}

/** The only rendition of a recipe with one. */
export async function renderOne(
  source: Buffer,
  spec: Omit<RenditionSpec, 'name'> = {},
): Promise<RenderedImage> {
  const { images } = await render(source, [{ name: 'only', ...spec }]);
  const [only] = images;
  if (!only || images.length > 1) {
    throw new Error(`${images.length} renditions came out`);
  }
  return only;
}
