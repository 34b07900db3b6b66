import { isAnnounced } from '../../contract/notification';
import { HeldBytes } from '../../folder/held-bytes';
import type { SkippedFile } from '../../folder/skipped';
import { type FoundFile, type SkippedEntry, walk } from '../../folder/walk';
import type { Ledger } from '../files/ledger';
import { type SourceBucket, uploadFiles } from '../files/upload';

const UPLOADS_AT_A_TIME = 8;
const LISTED_SKIPS = 1_000;

/** Most bytes of unfinished source objects, since the emulator keeps them in memory. */
const HELD_BYTES = 512 * 1024 * 1024;

const MAX_KEY_BYTES = 1_024;

export interface FolderUploadParts {
  readonly folder: string;
  /** Relative paths that are ignored. */
  readonly ignore: readonly string[];
  readonly sourcePrefix: string;
  /** Endings of the keys that S3 announces; none: all. */
  readonly suffixes: readonly string[];
  readonly bucket: SourceBucket;
  readonly ledger: Ledger;
  /** Leaves everything on the emulator. */
  readonly keep: boolean;
}

/** The way of a folder into the source bucket. */
export class FolderUpload {
  readonly skipped: { readonly first: SkippedFile[]; count: number } = { first: [], count: 0 };
  /** Files and folders that an operating system left behind. */
  ignored = 0;
  /** Files that are not uploaded, since S3 would not announce them. */
  unannounced = 0;
  isRunning = true;
  private readonly abort = new AbortController();
  private readonly held: HeldBytes;

  constructor(private readonly parts: FolderUploadParts) {
    this.held = new HeldBytes(parts.keep ? Number.POSITIVE_INFINITY : HELD_BYTES);
  }

  /** Uploads the whole folder. */
  async run(): Promise<void> {
    const { folder, ignore, sourcePrefix, bucket, ledger } = this.parts;
    const files = walk(folder, {
      ignore,
      signal: this.abort.signal,
      maxPathBytes: MAX_KEY_BYTES - Buffer.byteLength(sourcePrefix),
      onIgnored: () => {
        this.ignored += 1;
      },
    });
    const settings = {
      bucket,
      sourcePrefix,
      concurrency: UPLOADS_AT_A_TIME,
      held: this.held,
      signal: this.abort.signal,
    };
    await uploadFiles(this.announced(files), settings, {
      onUploading: (key, file) => ledger.uploading(key, file),
      onUploaded: (key) => ledger.uploaded(key),
      onSkipped: (skipped, key) => this.skip(skipped, key),
    });
    this.isRunning = false;
  }

  private async *announced(files: AsyncIterable<FoundFile | SkippedEntry>) {
    const { sourcePrefix, suffixes } = this.parts;
    for await (const file of files) {
      if (file.kind === 'skipped' || isAnnounced(`${sourcePrefix}${file.relativePath}`, suffixes))
        yield file;
      else this.unannounced += 1;
    }
  }

  /** Uploads nothing else, and aborts the uploads that have begun. */
  stop(): void {
    this.abort.abort();
    this.held.open();
  }

  /** Makes room for another upload, since an object needs nothing else. */
  release(bytes: number): void {
    this.held.release(bytes);
  }

  /** A file that `stop` interrupted is not reported. */
  private skip(skipped: SkippedFile, key?: string): void {
    if (key !== undefined) this.parts.ledger.withdrawn(key);
    if (key !== undefined && this.abort.signal.aborted) return;
    this.skipped.count++;
    if (this.skipped.first.length < LISTED_SKIPS) this.skipped.first.push(skipped);
  }
}
