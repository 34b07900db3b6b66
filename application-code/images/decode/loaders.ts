import sharp from 'sharp';

/** libvips' readers of in-memory JPEG, PNG, WebP, AVIF, TIFF and GIF. */
const ALLOWED_LOADERS = ['Jpeg', 'Png', 'Webp', 'Heif', 'Tiff', 'Nsgif'].map(
  (format) => `VipsForeignLoad${format}Buffer`,
);

let isSetUp = false;

/**
 * Sets libvips up once, for the whole process. Only the allowed readers: SVG, for one, can fetch
 * other files. One thread a decode: jobs run side by side instead, so that no thread waits for
 * another. No cache of finished operations: no two jobs share one, and its memory is not counted.
 */
export function restrictLoaders(): void {
  // A second time would block every reader for a moment, also for a decode that runs beside it.
  if (isSetUp) return;
  isSetUp = true;
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ALLOWED_LOADERS });
  sharp.concurrency(1);
  sharp.cache(false);
}
