/** What the operator's commands need of S3; `aws/` implements it, tests fake it. */

import type { SourceBody } from '../../folder/read-source';

export interface BucketPlace {
  readonly bucket: string;
  /** Account that must own it, twelve digits; absent where it is unknown. */
  readonly owner?: string;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Without quotes. */
  readonly etag: string;
}

/** What shows whether an object is the same as a file. */
export interface ObjectPrint {
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Without quotes; an MD5 unless the bucket encrypts with a KMS key. */
  readonly etag: string;
  /** Base64; absent when it was not uploaded with one. */
  readonly sha256?: string;
  /** Absent where the bucket keeps no versions. */
  readonly versionId?: string;
  /** Its user-defined metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Parts of one object that are held and sent together. */
export const PARTS_AT_A_TIME = 4;

export interface PutOptions {
  /** Aborts what is under way. */
  readonly signal: AbortSignal;
  /** Called after each part of a large object with the bytes that have been sent. */
  readonly onSent: (bytes: number) => void;
}

export interface Buckets {
  /**
   * All objects below a prefix, in the order of their keys' bytes, after `startAfter`; pages are
   * fetched as they are used.
   */
  list(place: BucketPlace, prefix: string, startAfter?: string): AsyncIterable<ListedObject>;
  /** @returns undefined when there is no such object. */
  look(place: BucketPlace, key: string, signal?: AbortSignal): Promise<ObjectPrint | undefined>;
  /** The body of a small object as text; undefined when there is no such object. */
  read(place: BucketPlace, key: string): Promise<string | undefined>;
  /**
   * Writes one object; its whole body or nothing. A large one goes up in parts, at most
   * `PARTS_AT_A_TIME` together; after an error or an abort before the last one, the others are
   * removed.
   */
  put(place: BucketPlace, key: string, source: SourceBody, options: PutOptions): Promise<void>;
}
