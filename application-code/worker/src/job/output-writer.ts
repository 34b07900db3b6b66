import type { LeftOutFault } from '../faults';
import type { SkippedOutput } from '../workload/recipe';
import type { ProcessedSource } from '../workload/workload';
import type { JobRun } from './job';
import { ListedOutputs } from './listed-outputs';
import type { SourceEntry } from './messages';
import { PlannedOutputs } from './planned-outputs';
import type { SourceVersion } from './ports';

/** What was written of one source object, or why nothing was. */
export type Written =
  | {
      readonly outcome: 'done';
      /** Keys of what was planned and is written. */
      readonly renditions?: readonly string[];
      /** Absent where nothing was skipped. */
      readonly skipped?: readonly SkippedOutput[];
      /** Its name in a part. */
      readonly sample?: string;
    }
  | { readonly outcome: 'left-out'; readonly because: string };

/** Writes what was made of one source object. */
export interface OutputWriter {
  /** Resolves or rejects when no write is under way, since their memory is released then. */
  write(processed: ProcessedSource, version: SourceVersion): Promise<Written>;
  /** Notes that the recipe leaves the source out; absent where that is a fault like any other. */
  leaveOut?(fault: LeftOutFault, version: SourceVersion): Promise<Written>;
  /**
   * Whether it replaces what was written for another version of the source. Then the job looks at
   * the source again, so that what stays is of the newest one.
   */
  readonly replaces: boolean;
}

/** @throws PermanentFault for a source key that can have no outputs. */
export function outputWriter(source: SourceEntry, run: JobRun): OutputWriter {
  const manifest = run.settings.outputs.find(({ isManifest }) => isManifest);
  if (run.samples) return run.samples.outputs(source, run);
  return manifest
    ? new ListedOutputs(source.key, run, manifest)
    : new PlannedOutputs(source.key, run);
}
