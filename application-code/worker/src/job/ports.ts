import type { SkippedRendition } from './skipped-renditions';

/**
 * What a job needs of the outside world, at the size it needs; `aws/` implements it on S3, tests in
 * memory.
 */

/** One version of a source object. Two versions are the same when their ETags are. */
export interface SourceVersion {
  readonly eTag: string;
  /** Size in bytes. */
  readonly bytes: number;
}

/** A source object whose headers have arrived and whose body has not been read. */
export interface OpenedSource extends SourceVersion {
  /**
   * Reads the whole body, once.
   * @throws TransientFault when the connection breaks or the body is not what the headers
   *   announced.
   */
  read(): Promise<Buffer>;
  /** Gives the connection back without reading; harmless after `read`. */
  discard(): void;
}

export interface SourceObjects {
  /**
   * Opens the current version of an object, or gives undefined when there is none.
   * @throws TransientFault for throttles, network errors, 5xx and denied access.
   */
  open(key: string, signal: AbortSignal): Promise<OpenedSource | undefined>;
  /** The current version without its body, or undefined when the object is gone. */
  look(key: string, signal: AbortSignal): Promise<SourceVersion | undefined>;
  /**
   * Settles when the bucket answers, be it with a refusal; rejects when it does not, or does not
   * exist.
   */
  probe(signal: AbortSignal): Promise<void>;
}

export interface Rendition {
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  /**
   * ETag of the source version that it was made from; kept in the object's metadata as
   * `source-etag`.
   */
  readonly sourceETag: string;
  /** What else the object's metadata says. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Renditions {
  /** @throws TransientFault when the destination does not take it. */
  write(rendition: Rendition, signal: AbortSignal): Promise<void>;
  /**
   * Settles when the bucket answers, be it with a refusal; rejects when it does not, or does not
   * exist.
   */
  probe(signal: AbortSignal): Promise<void>;
}

export interface RenderRequest {
  readonly sourceKey: string;
  /** Size of the source object in bytes. */
  readonly bytes: number;
  /**
   * Fetches the body when there is room for it in memory. Called again when the room was given up
   * meanwhile to a larger picture; each call gives the then current version.
   */
  readonly download: () => Promise<Buffer>;
  readonly signal: AbortSignal;
}

export interface RenderedImage {
  /** The rendition's name in the recipe. */
  readonly name: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
}

export interface Rendered {
  /** Pixels of the source over all its pages. */
  readonly pixels: number;
  readonly images: readonly RenderedImage[];
  readonly skipped: readonly SkippedRendition[];
  /** Milliseconds spent waiting for memory, downloading, and decoding with encoding. */
  readonly milliseconds: { readonly wait: number; readonly read: number; readonly render: number };
  /** Gives the memory of the images back; call it once they are written or dropped. */
  release(): void;
}

export interface Renderer {
  /**
   * Renders every rendition of the recipe, but for those that it does without.
   * @throws PermanentFault when the source can never be rendered; whatever `download` throws.
   */
  render(request: RenderRequest): Promise<Rendered>;
}
