import type { Bill } from '../../contract/bill';
import type { SkippedFile } from '../../folder/skipped';
import type { ContactSheet } from '../dataset/contact-sheet';
import type { Balance, LedgerEntry } from '../files/ledger';
import type { CapacityProvider } from '../ports';

/**
 * How a run ended. `stopped`: by Ctrl-C. `stalled`: nothing moved any longer. `broken`: something
 * failed.
 */
export type RunEnd = 'complete' | 'stopped' | 'stalled' | 'broken';

/** Everything that is reported at the end of a run. */
export interface Report {
  readonly end: RunEnd;
  /** What failed or stalled, for the user; absent when nothing did. */
  readonly because?: string;
  readonly workload: string;
  readonly folder: string;
  /** Absolute path of the folder with the outputs and the page. */
  readonly out: string;
  readonly page?: string;
  readonly seconds: number;
  readonly entries: readonly LedgerEntry[];
  readonly balance: Balance;
  /** The first files that were left out, and how many there are in all. */
  readonly skipped: { readonly first: readonly SkippedFile[]; readonly count: number };
  /** Files and folders that an operating system left behind. */
  readonly ignored: number;
  /** Files that were not uploaded, since S3 announces only keys with these suffixes. */
  readonly unannounced: { readonly count: number; readonly suffixes: readonly string[] };
  /** Jobs whose outputs could not be fetched, each with its reason. */
  readonly notCollected: readonly string[];
  readonly tasks: readonly TaskUse[];
  readonly cost: Bill;
  /** Absent in a run whose outputs are objects. */
  readonly dataset?: DatasetReport;
}

/** The dataset that a run has made. */
export interface DatasetReport {
  readonly samples: number;
  readonly shards: number;
  /** Of the shards. */
  readonly bytes: number;
  /** What is wrong with it, in sentences. */
  readonly problems: readonly string[];
  readonly sheet: ContactSheet;
}

export interface TaskUse {
  readonly capacityProvider: CapacityProvider;
  readonly count: number;
  readonly seconds: number;
  /** Tasks that ended with an exit code other than 0. */
  readonly failed: number;
}

/** Objects that a filter of the recipe left out of the dataset. */
export function leftOutByRecipe({ entries }: Report): number {
  return entries.filter(({ sample }) => sample?.kind === 'left-out').length;
}

/** Whether the promise holds and no file of the folder was left out. */
export function isComplete({ end, balance, skipped, dataset }: Report): boolean {
  const isWell = dataset === undefined || dataset.problems.length === 0;
  return end === 'complete' && balance.holds && isWell && skipped.count === 0;
}
