import pMap from 'p-map';
import type { HeldBytes } from '../../folder/held-bytes';
import { type SourceBody, SourceFileError, withSource } from '../../folder/read-source';
import type { SkippedFile } from '../../folder/skipped';
import type { FoundFile, SkippedEntry } from '../../folder/walk';

/** What the upload needs of the source bucket. */
export interface SourceBucket {
  /** Writes one object: its whole body or nothing. */
  put(key: string, source: SourceBody, signal: AbortSignal): Promise<void>;
}

export interface UploadSettings {
  readonly bucket: SourceBucket;
  readonly sourcePrefix: string;
  /** Files at a time. */
  readonly concurrency: number;
  readonly held: HeldBytes;
  /** Aborts the uploads that have begun, and begins no other. */
  readonly signal: AbortSignal;
}

export interface UploadEvents {
  /** Called before the first byte, since the worker may be faster than S3's response. */
  readonly onUploading: (key: string, file: FoundFile) => void;
  readonly onUploaded: (key: string, file: FoundFile) => void;
  /** Called for a file that did not become an object. */
  readonly onSkipped: (skipped: SkippedFile, key?: string) => void;
}

/** Uploads files, several at a time. A file that cannot be read never stops the others. */
export async function uploadFiles(
  files: AsyncIterable<FoundFile | SkippedEntry>,
  settings: UploadSettings,
  events: UploadEvents,
): Promise<void> {
  await pMap(
    files,
    (file) =>
      file.kind === 'skipped' ? events.onSkipped(file) : uploadFile(file, settings, events),
    // p-map's own `signal` would not wait for the uploads that have begun.
    { concurrency: settings.concurrency },
  );
}

async function uploadFile(
  file: FoundFile,
  settings: UploadSettings,
  events: UploadEvents,
): Promise<void> {
  const { bucket, sourcePrefix, held, signal } = settings;
  const key = `${sourcePrefix}${file.relativePath}`;
  await held.admit(file.bytes);
  if (signal.aborted) return held.release(file.bytes);
  try {
    events.onUploading(key, file);
    await withSource(file, (source) => bucket.put(key, source, signal));
    events.onUploaded(key, file);
  } catch (error) {
    held.release(file.bytes);
    events.onSkipped(skippedBecause(file, error), key);
  }
}

function skippedBecause(file: FoundFile, error: unknown): SkippedFile {
  const name = file.relativePath;
  if (!(error instanceof SourceFileError))
    return { name, reason: 'Refused', detail: String(error) };
  return {
    name,
    reason: error.reason,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
  };
}
