import type { Readable } from 'node:stream';
import type { Allocate, Output } from '../workload/workload';

/** What a job needs of the outside world. `aws/` implements it on S3, tests in memory. */

/** One version of a source object. Two versions are the same when their ETags are. */
export interface SourceVersion {
  readonly eTag: string;
  /** Size in bytes. */
  readonly bytes: number;
  readonly lastModified?: Date | undefined;
}

/** A source object whose headers have arrived and whose body has not been read. */
export interface OpenedSource extends SourceVersion {
  readonly contentType?: string | undefined;
  /**
   * Reads the whole body, once, into memory of `allocate`, or its own.
   * @throws TransientFault when the connection breaks or the body is not what the headers
   *   announced.
   */
  read(allocate?: Allocate): Promise<Buffer>;
  /**
   * The body piece by piece, once. The stream fails with a TransientFault when the connection
   * breaks or the body is not what the headers announced.
   */
  stream(): Promise<Readable>;
  /** Frees the connection without reading. Harmless after a read. */
  discard(): void;
}

export interface SourceObjects {
  /**
   * Opens the current version of an object. Returns undefined when it does not exist.
   * @throws TransientFault for throttles, network errors, 5xx and denied access.
   */
  open(key: string, signal: AbortSignal): Promise<OpenedSource | undefined>;
  /** The current version without its body, or undefined when the object is gone. */
  look(key: string, signal: AbortSignal): Promise<SourceVersion | undefined>;
  /** Resolves when the bucket responds, even with an error; rejects when it does not exist. */
  probe(signal: AbortSignal): Promise<void>;
}

/** An output to write. */
export interface OutputObject {
  readonly key: string;
  /** In memory, or the path of a file. */
  readonly body: Output['body'];
  readonly contentType: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  /**
   * ETag of the source version that it was made from; kept in the object's metadata as
   * `source-etag`. Absent for an object that is made of many.
   */
  readonly sourceETag?: string;
  /** What else the object's metadata says. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface OutputObjects {
  /** @throws TransientFault when the destination does not take it. */
  write(output: OutputObject, signal: AbortSignal): Promise<void>;
  /** Resolves when the bucket responds, even with an error; rejects when it does not exist. */
  probe(signal: AbortSignal): Promise<void>;
}
