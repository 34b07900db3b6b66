import type { SkippedOutput } from '../../application-code/worker/src/workload/recipe';
import type { FoundFile } from '../../folder/walk';
import type { CollectedOutput } from './collect';
import type { DeadLetterRecord } from './dead-letter';

/** Everything known about one uploaded object. */
export interface LedgerEntry {
  readonly key: string;
  readonly file: FoundFile;
  /** The outputs in `out/`; empty until all of them are there. */
  readonly outputs: readonly CollectedOutput[];
  /** Outputs that cannot be made of it, and that the recipe makes optional. */
  readonly skipped: readonly SkippedOutput[];
  readonly deadLetters: readonly DeadLetterRecord[];
  /** Its place in a dataset; absent in a run that makes none. */
  readonly sample?: SampleOfSource;
}

/** What a dataset has of a source object. */
export type SampleOfSource =
  | { readonly kind: 'sample'; readonly bytes: number }
  /** A filter of the recipe left it out. */
  | { readonly kind: 'left-out'; readonly because: string };

/** Whether the promise holds, object by object. */
export interface Balance {
  readonly uploaded: number;
  readonly done: number;
  readonly deadLettered: number;
  /** Keys with all their outputs and a dead letter. */
  readonly both: readonly string[];
  /** Keys with neither, each with its missing outputs. */
  readonly neither: readonly { readonly key: string; readonly missing: string }[];
  /** Dead letters that belong to no uploaded object. */
  readonly strangers: readonly DeadLetterRecord[];
  /** True when every object is either done or dead-lettered, and there are no strangers. */
  readonly holds: boolean;
}

interface Entry {
  readonly key: string;
  readonly file: FoundFile;
  uploaded: boolean;
  outputs: readonly CollectedOutput[];
  skipped: readonly SkippedOutput[];
  readonly deadLetters: DeadLetterRecord[];
  sample?: SampleOfSource;
  settled: boolean;
}

/**
 * What is known about each object of a run. An object may be done before its upload is confirmed,
 * so it is entered when its upload begins.
 */
export class Ledger {
  private readonly entries = new Map<string, Entry>();
  private readonly strangers: DeadLetterRecord[] = [];

  uploading(key: string, file: FoundFile): void {
    const nothing = { outputs: [], skipped: [], deadLetters: [] };
    this.entries.set(key, { key, file, uploaded: false, ...nothing, settled: false });
  }

  uploaded(key: string): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) entry.uploaded = true;
  }

  /** The upload failed, so the object needs neither outputs nor a dead letter. */
  withdrawn(key: string): void {
    this.entries.delete(key);
  }

  collected(
    key: string,
    outputs: readonly CollectedOutput[],
    skipped: readonly SkippedOutput[] = [],
  ): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) Object.assign(entry, { outputs, skipped });
  }

  /** A part of a dataset knows it. */
  sampled(key: string, sample: SampleOfSource): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) entry.sample = sample;
  }

  /** @returns false when the object is not of this run. */
  deadLettered(letter: DeadLetterRecord): boolean {
    const entry = letter.key === undefined ? undefined : this.entries.get(letter.key);
    if (entry === undefined) this.strangers.push(letter);
    else entry.deadLetters.push(letter);
    return entry !== undefined;
  }

  /**
   * Marks an object that needs nothing else.
   * @returns its file the first time, so that its room is released once.
   */
  settle(key: string): FoundFile | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.settled) return undefined;
    entry.settled = true;
    return entry.file;
  }

  /** Uploaded objects in the order of their uploads. */
  uploadedEntries(): LedgerEntry[] {
    return [...this.entries.values()].filter((entry) => entry.uploaded);
  }

  unmatchedDeadLetters(): readonly DeadLetterRecord[] {
    return this.strangers;
  }

  /** Live figures for the view. `balanceOf` checks the promise itself. */
  figures(): { readonly uploaded: number; readonly done: number; readonly deadLettered: number } {
    const entries = this.uploadedEntries();
    const done = entries.filter(isMade).length;
    const deadLettered = entries.filter((entry) => entry.deadLetters.length > 0).length;
    return { uploaded: entries.length, done, deadLettered };
  }
}

/** Whether its outputs were fetched, or a dataset knows it. */
export const isMade = ({ outputs, sample }: Pick<LedgerEntry, 'outputs' | 'sample'>): boolean =>
  outputs.length > 0 || sample !== undefined;

type ExpectedKeys = (key: string, skipped: readonly string[]) => readonly string[];

/**
 * Whether `uploaded = objects with all that they must have + dead letters`, from files and
 * messages, not from counters.
 * @param missingOf what an object must have and has not.
 */
export function balanceOf(
  entries: readonly LedgerEntry[],
  strangers: readonly DeadLetterRecord[],
  missingOf: (entry: LedgerEntry) => readonly string[],
): Balance {
  const judged = entries.map((entry) => ({ entry, missing: missingOf(entry) }));
  const isDone = ({ missing }: { readonly missing: readonly string[] }) => missing.length === 0;
  const both = judged.filter((one) => isDone(one) && one.entry.deadLetters.length > 0);
  const neither = judged.filter((one) => !isDone(one) && one.entry.deadLetters.length === 0);
  return {
    uploaded: entries.length,
    done: judged.filter(isDone).length,
    deadLettered: entries.filter((entry) => entry.deadLetters.length > 0).length,
    both: both.map(({ entry }) => entry.key),
    neither: neither.map(({ entry, missing }) => ({ key: entry.key, missing: missing.join(', ') })),
    strangers,
    holds: both.length + neither.length + strangers.length === 0,
  };
}

/**
 * Keys of the outputs that an object must have and has not.
 * @param expectedOf keys of all outputs that an object must have, without those that were
 *   skipped.
 * @param isThere whether a fetched output is in `out/` with the size it should have.
 */
export function missingOutputs(
  entry: LedgerEntry,
  expectedOf: ExpectedKeys,
  isThere: (output: CollectedOutput) => boolean,
): readonly string[] {
  const there = new Set(entry.outputs.filter(isThere).map((output) => output.key));
  const skipped = entry.skipped.map(({ name }) => name);
  // A manifest lists outputs that no one can expect before.
  const expected = [...entry.outputs.map(({ key }) => key), ...expectedOf(entry.key, skipped)];
  return [...new Set(expected)].filter((key) => !there.has(key));
}
