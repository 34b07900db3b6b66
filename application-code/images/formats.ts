/** What is read and written. AVIF is the one kind of HEIF among them. */
export const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const;
export type Format = (typeof FORMATS)[number];

interface FormatFacts {
  readonly contentType: string;
  /** Of its files. */
  readonly extension: string;
  /** Longest side in pixels that the format (or libvips' writer of it) can hold. */
  readonly maxSide: number;
  /** Whether several pages are played one after the other, and written as such. */
  readonly animates: boolean;
}

/**
 * Facts of each format. TIFF's many pages are scans, not frames, so that only one of them is
 * rendered.
 */
export const FORMAT_FACTS: Readonly<Record<Format, FormatFacts>> = {
  jpeg: { contentType: 'image/jpeg', extension: 'jpg', maxSide: 65_535, animates: false },
  png: { contentType: 'image/png', extension: 'png', maxSide: 2_147_483_647, animates: false },
  webp: { contentType: 'image/webp', extension: 'webp', maxSide: 16_383, animates: true },
  avif: { contentType: 'image/avif', extension: 'avif', maxSide: 16_384, animates: false },
  tiff: { contentType: 'image/tiff', extension: 'tiff', maxSide: 2_147_483_647, animates: false },
  gif: { contentType: 'image/gif', extension: 'gif', maxSide: 65_535, animates: true },
};
