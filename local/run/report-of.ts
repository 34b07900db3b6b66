import { statSync } from 'node:fs';
import { LARGE_FILE_BYTES } from '../../folder/read-source';
import type { FinishedDataset } from '../dataset/finish-run';
import type { CollectedOutput } from '../files/collect';
import { balanceOf, type LedgerEntry, missingOutputs } from '../files/ledger';
import type { Pipeline, TaskView } from '../ports';
import { billOfRun } from '../run-bill';
import type { DatasetReport, Report, RunEnd, TaskUse } from '../view/report';
import type { FolderRun } from './folder-run';

export interface RunFacts {
  readonly end: RunEnd;
  readonly because?: string;
  readonly workload: string;
  readonly pipeline: Pick<Pipeline, 'cpuUnits' | 'memoryMiB'>;
  readonly folder: string;
  readonly out: string;
  readonly seconds: number;
  readonly tasks: readonly TaskView[];
  /** Runs of the scaler beside those of its schedule. */
  readonly invocations: number;
  readonly suffixes: readonly string[];
  /** Of a run that makes a dataset; null: there was no sample. */
  readonly dataset?: FinishedDataset | null;
}

/** The end of a run, from the ledger, the disk and the tasks. */
export function reportOf(run: FolderRun, facts: RunFacts): Report {
  const entries = run.ledger.uploadedEntries();
  const strangers = run.ledger.unmatchedDeadLetters();
  const outputs = entries.reduce((sum, entry) => sum + entry.outputs.length, 0);
  const { invocations, tasks, pipeline, suffixes, dataset, ...rest } = facts;
  const balance = balanceOf(entries, strangers, (entry) =>
    dataset === undefined
      ? missingOutputs(entry, (key, skipped) => run.expectedOf(key, skipped), isThere)
      : missingSample(entry, dataset),
  );
  const scalerRuns = invocations + Math.floor(facts.seconds / 60);
  return {
    ...rest,
    entries,
    balance,
    ...(dataset !== undefined && { dataset: reportedDataset(dataset) }),
    skipped: run.upload.skipped,
    ignored: run.upload.ignored,
    unannounced: { count: run.upload.unannounced, suffixes },
    notCollected: [...run.results.notCollected].map(([key, why]) => `${key}: ${why}`),
    tasks: usesOf(tasks),
    cost: billOfRun({
      tasks: [
        ...tasks.flatMap((task) => {
          const seconds = secondsOf(task);
          const { capacityProvider } = task;
          return seconds === undefined ? [] : [{ capacityProvider, seconds }];
        }),
        ...(dataset ? [{ capacityProvider: 'FARGATE' as const, seconds: dataset.seconds }] : []),
      ],
      vcpus: pipeline.cpuUnits / 1_024,
      memoryGb: pipeline.memoryMiB / 1_024,
      objects: entries.length,
      readsPerObject: dataset === undefined ? 2 : 1,
      uploads: entries.reduce((sum, { file }) => sum + uploadRequests(file.bytes), 0),
      outputs: dataset === undefined ? outputs : datasetPuts(run, dataset),
      deadLetters: balance.deadLettered,
      scalerRuns,
    }),
  };
}

/** A sample that is neither in a shard nor left out by the recipe. */
function missingSample({ key, sample }: LedgerEntry, dataset: FinishedDataset | null): string[] {
  if (sample?.kind === 'left-out' || dataset?.keys.has(key)) return [];
  return ['its sample in a shard'];
}

/** A part is a tar and its index; a dataset its shards, its index, dataset.json and a plan. */
function datasetPuts({ results }: FolderRun, dataset: FinishedDataset | null): number {
  const shards = dataset ? dataset.file.shards.length + dataset.file.indexes.length + 2 : 0;
  return 2 * (results.parts?.count ?? 0) + shards;
}

function reportedDataset(dataset: FinishedDataset | null): DatasetReport {
  if (!dataset) return { samples: 0, shards: 0, bytes: 0, problems: [], sheet: [] };
  const { file, problems, sheet } = dataset;
  const { length } = file.shards;
  const bytes = file.shards.reduce((sum, shard) => sum + shard.bytes, 0);
  return { samples: file.counts.samples, shards: length, bytes, problems, sheet };
}

/** A large file is uploaded in parts, between a request that begins and one that completes it. */
function uploadRequests(bytes: number): number {
  return bytes > LARGE_FILE_BYTES ? Math.ceil(bytes / LARGE_FILE_BYTES) + 2 : 1;
}

/** An output counts when it is in `out/` now with the size that was fetched. */
function isThere({ path, bytes }: CollectedOutput): boolean {
  return statSync(path, { throwIfNoEntry: false })?.size === bytes;
}

function usesOf(tasks: readonly TaskView[]): TaskUse[] {
  return (['FARGATE', 'FARGATE_SPOT'] as const).flatMap((capacityProvider) => {
    const own = tasks.filter((task) => task.capacityProvider === capacityProvider);
    if (own.length === 0) return [];
    return {
      capacityProvider,
      count: own.length,
      seconds: own.reduce((sum, task) => sum + (secondsOf(task) ?? 0), 0),
      failed: own.filter((task) => task.lastStatus === 'STOPPED' && task.exitCode !== 0).length,
    };
  });
}

/** Undefined for a task that never started. */
function secondsOf({ startedAt, stoppedAt }: TaskView): number | undefined {
  if (startedAt === undefined) return undefined;
  return Math.max(0, ((stoppedAt ?? Date.now()) - startedAt) / 1_000);
}
