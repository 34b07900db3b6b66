import { setMaxListeners } from 'node:events';
import pMap from 'p-map';
import { isAnnounced } from '../../contract/notification';
import { HeldBytes } from '../../folder/held-bytes';
import { LARGE_FILE_BYTES, SourceFileError, withSource } from '../../folder/read-source';
import type { SkippedFile } from '../../folder/skipped';
import { type FoundFile, type SkippedEntry, walk } from '../../folder/walk';
import { type BucketPlace, type Buckets, PARTS_AT_A_TIME } from '../ports/buckets';
import type { MadeOutputs, MadeQuestion } from '../target/made-outputs';
import { isSame } from './file-print';

const FILES_AT_A_TIME = 16;
/**
 * Of the files, and of the parts of large ones, that are under way: one large file at a time, or
 * sixteen of 2.5 MiB.
 */
const HELD_BYTES = 40 * 1024 * 1024;
const KEY_BYTES = 1_024;

export interface UploadSettings {
  readonly buckets: Buckets;
  readonly source: BucketPlace;
  readonly sourcePrefix: string;
  /** Endings of keys that raise an event; empty: every key does. */
  readonly suffixes: readonly string[];
  readonly folder: string;
  readonly stop: AbortSignal;
  readonly onDone: (counts: UploadCounts) => void;
  /** Called with the progress of a large file. */
  readonly onSent: (file: FoundFile, sentBytes: number) => void;
  /** What became of an object that is there already. */
  readonly made: (source: MadeQuestion['source'], signal: AbortSignal) => Promise<MadeOutputs>;
  /** Called with the outputs that were skipped for it. */
  readonly onSkipped: (file: FoundFile, outputs: readonly string[]) => void;
  /** Called with everything that did not become an object. */
  readonly onLeftOut: (leftOut: SkippedFile) => void;
}

export interface UploadCounts {
  readonly uploaded: number;
  readonly bytes: number;
  /** There already, the same. */
  readonly same: number;
  /** Of these, the ones of which an output was skipped. */
  readonly skipped: number;
  /** Of these, the ones that the recipe in force has not made yet. */
  readonly outdated: number;
  readonly leftOut: number;
  /** Files and folders that an operating system left behind. */
  readonly passedOver: number;
  /** Files that raise no event. */
  readonly noEvent: number;
}

type Counts = { -readonly [count in keyof UploadCounts]: number };

/** Refusals in a row after which it is not the file. */
const REFUSALS = 10;

interface Run extends UploadSettings {
  readonly counts: Counts;
  readonly held: HeldBytes;
  /** Refusals in a row. */
  refusals: number;
}

/**
 * Uploads a folder, several files at a time; the keys are those of a local run. What is there
 * already is not uploaded again, so that the same command continues after an end in the middle. A
 * file that is refused does not stop the others.
 * @throws what S3 answers when it refuses one file after the other.
 */
export async function uploadFolder(settings: UploadSettings): Promise<UploadCounts> {
  const counts: Counts = {
    uploaded: 0,
    bytes: 0,
    same: 0,
    skipped: 0,
    outdated: 0,
    leftOut: 0,
    passedOver: 0,
    noEvent: 0,
  };
  const broken = new AbortController();
  const stop = AbortSignal.any([settings.stop, broken.signal]);
  // Every request listens to it, which is no leak.
  setMaxListeners(0, stop);
  const held = new HeldBytes(HELD_BYTES);
  stop.addEventListener('abort', () => held.open());
  const run: Run = { ...settings, stop, counts, held, refusals: 0 };
  const files = walk(settings.folder, {
    maxPathBytes: KEY_BYTES - Buffer.byteLength(settings.sourcePrefix),
    onIgnored: () => {
      counts.passedOver += 1;
    },
    signal: stop,
  });
  const takeOne = async (found: FoundFile | SkippedEntry) => {
    await take(found, run);
    settings.onDone(counts);
  };
  // An error ends the others in order; thrown here, it would leave them under way.
  const upload = (found: FoundFile | SkippedEntry) =>
    takeOne(found).catch((error: unknown) => broken.abort(error));
  await pMap(files, upload, { concurrency: FILES_AT_A_TIME });
  if (broken.signal.aborted) throw broken.signal.reason;
  return counts;
}

async function take(found: FoundFile | SkippedEntry, run: Run): Promise<void> {
  if (found.kind === 'skipped') {
    leaveOut(found, run);
    return;
  }
  const key = `${run.sourcePrefix}${found.relativePath}`;
  if (!isAnnounced(key, run.suffixes)) {
    run.counts.noEvent += 1;
    return;
  }
  try {
    await upload(found, key, run);
    run.refusals = 0;
  } catch (error) {
    if (!run.stop.aborted) refuse(found, error, run);
  }
}

async function upload(file: FoundFile, key: string, run: Run): Promise<void> {
  const bytes = heldBytes(file);
  await run.held.admit(bytes);
  try {
    if (!run.stop.aborted) await uploadUnlessSame(file, key, run);
  } finally {
    run.held.release(bytes);
  }
}

const heldBytes = ({ bytes }: FoundFile) =>
  bytes <= LARGE_FILE_BYTES ? bytes : PARTS_AT_A_TIME * LARGE_FILE_BYTES;

async function uploadUnlessSame(file: FoundFile, key: string, run: Run): Promise<void> {
  const { buckets, source, stop: signal, counts } = run;
  const there = await buckets.look(source, key, signal);
  if (there && (await isSame(file, there))) {
    counts.same += 1;
    const { skipped, isOutdated } = await run.made({ ...there, key }, signal);
    if (isOutdated) counts.outdated += 1;
    if (skipped.length === 0) return;
    counts.skipped += 1;
    run.onSkipped(file, skipped);
    return;
  }
  const onSent = (bytes: number) => run.onSent(file, bytes);
  await withSource(file, (body) => buckets.put(source, key, body, { signal, onSent }));
  counts.uploaded += 1;
  counts.bytes += file.bytes;
}

function refuse(file: FoundFile, error: unknown, run: Run): void {
  const name = file.relativePath;
  if (error instanceof SourceFileError) {
    const detail = error.detail === undefined ? {} : { detail: error.detail };
    leaveOut({ name, reason: error.reason, ...detail }, run);
    return;
  }
  run.refusals += 1;
  if (run.refusals >= REFUSALS) throw error;
  leaveOut({ name, reason: 'Refused', detail: String(error) }, run);
}

function leaveOut(skipped: SkippedFile, { onLeftOut, counts }: Run): void {
  counts.leftOut += 1;
  onLeftOut(skipped);
}
