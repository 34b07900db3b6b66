import type { SkippedOutput } from '../../worker/src/workload/recipe';
import type { Allocate, Output, PhaseMilliseconds } from '../../worker/src/workload/workload';
import type { Size } from './size';

export interface RenderRequest {
  readonly sourceKey: string;
  /** Size of the source object in bytes. */
  readonly bytes: number;
  /**
   * Fetches the body into memory of `allocate` when there is room for it. Called again when the
   * room was given up meanwhile to a larger picture.
   */
  readonly download: (allocate: Allocate) => Promise<Buffer>;
  readonly signal: AbortSignal;
}

export interface RenderedImage extends Output {
  readonly body: Buffer;
  readonly width: number;
  readonly height: number;
  /** The quality with which it fits into its `maxBytes`; absent when it did at once. */
  readonly loweredQuality?: number;
}

export interface RenderResult {
  /** Pixels of the source over all its pages. */
  readonly pixels: number;
  /** A page of the source as it is looked at. */
  readonly size: Size;
  /** Of the smallest rendition, where it was asked for. */
  readonly dhash?: string | undefined;
  readonly images: readonly RenderedImage[];
  readonly skipped: readonly SkippedOutput[];
  readonly milliseconds: PhaseMilliseconds;
  /** Releases the memory of the images. */
  release(): void;
}
