import type { SkippedOutput } from '../workload/recipe';
import type { ProcessedSource } from '../workload/workload';
import type { JobRun } from './job';
import { ListedOutputs } from './listed-outputs';
import { PlannedOutputs } from './planned-outputs';
import type { SourceVersion } from './ports';

/** Writes what was made of one source object. */
export interface OutputWriter {
  /** Resolves or rejects when no write is under way, since their memory is released then. */
  write(processed: ProcessedSource, version: SourceVersion): Promise<void>;
  /** Keys of what was planned and is written. */
  written(skipped: readonly SkippedOutput[]): readonly string[];
}

/** @throws PermanentFault for a source key that can have no outputs. */
export function outputWriter(sourceKey: string, run: JobRun): OutputWriter {
  const manifest = run.settings.outputs.find(({ isManifest }) => isManifest);
  return manifest
    ? new ListedOutputs(sourceKey, run, manifest)
    : new PlannedOutputs(sourceKey, run);
}
