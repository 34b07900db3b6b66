/** What a dataset needs of the world; `aws/` has S3, tests have a bucket in memory. */

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** The destination bucket of a pipeline. */
export interface DatasetStore {
  /** All objects below a prefix, in the order of their keys' bytes. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** A small object with its ETag; undefined when there is no such object. */
  text(key: string): Promise<{ readonly text: string; readonly eTag: string } | undefined>;
  /**
   * Exactly these bytes of an object.
   * @throws MissingObjectError when there is no such object.
   */
  range(key: string, offset: number, length: number): Promise<Uint8Array>;
  /**
   * The whole body, piece by piece.
   * @throws MissingObjectError when there is no such object.
   */
  stream(key: string): AsyncIterable<Uint8Array>;
  /**
   * Writes a new object, whole or not at all.
   * @returns false when there is an object of this key: it stays as it is.
   */
  create(key: string, body: AsyncIterable<Uint8Array>): Promise<boolean>;
  /**
   * Replaces the object that has this ETag.
   * @returns false when it has another one, or is gone.
   */
  replace(key: string, text: string, eTag: string): Promise<boolean>;
  /** Keys that do not exist do no harm. */
  remove(keys: readonly string[]): Promise<void>;
}

export interface ListedSource {
  readonly key: string;
  /** In quotes. */
  readonly eTag: string;
}

/** The source bucket of a pipeline. */
export interface SourceListing {
  /** All objects that would be jobs of the pipeline. */
  list(): AsyncIterable<ListedSource>;
}

/** Rows that would fill the memory. */
export interface Spool {
  /** Returns where the bytes begin. */
  append(bytes: Uint8Array): number;
  read(place: number, bytes: number): Buffer;
}

/** What a run says while it lasts. */
export type Progress = (line: ProgressLine) => void;

export type ProgressLine =
  | { readonly event: 'parts-read'; readonly parts: number; readonly of: number }
  | { readonly event: 'sources-listed'; readonly sources: number }
  | { readonly event: 'shards-written'; readonly shards: number; readonly of: number }
  | { readonly event: 'shards-verified'; readonly shards: number; readonly of: number }
  | { readonly event: 'parts-removed'; readonly parts: number; readonly of: number };

export interface DatasetPorts {
  readonly store: DatasetStore;
  readonly sources: SourceListing;
  readonly spool: Spool;
  readonly progress?: Progress;
}

/** A bucket, and the account that must own it. */
export interface DatasetBucket {
  readonly bucket: string;
  /** Twelve digits; absent where it is unknown. */
  readonly owner?: string;
}

export interface DatasetBuckets {
  readonly source: DatasetBucket & { readonly prefix: string };
  readonly destination: DatasetBucket & { readonly prefix: string };
  /** Endings of keys that raise an event; empty: every key does. */
  readonly suffixes: readonly string[];
}

/** The ports, and what ends them: the spool has a file. */
export interface OpenPorts {
  readonly ports: DatasetPorts;
  readonly close: () => void;
}
