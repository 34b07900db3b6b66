import { statSync } from 'node:fs';
import { LARGE_FILE_BYTES } from '../../folder/read-source';
import type { CollectedOutput } from '../files/collect';
import { balanceOf } from '../files/ledger';
import type { Pipeline, TaskView } from '../ports';
import { billOfRun } from '../run-bill';
import type { Report, RunEnd, TaskUse } from '../view/report';
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
}

/** The end of a run, from the ledger, the disk and the tasks. */
export function reportOf(run: FolderRun, facts: RunFacts): Report {
  const entries = run.ledger.uploadedEntries();
  const strangers = run.ledger.unmatchedDeadLetters();
  const outputs = entries.reduce((sum, entry) => sum + entry.outputs.length, 0);
  const balance = balanceOf(
    entries,
    strangers,
    (key, skipped) => run.expectedOf(key, skipped),
    isThere,
  );
  const { invocations, tasks, pipeline, suffixes, ...rest } = facts;
  const scalerRuns = invocations + Math.floor(facts.seconds / 60);
  return {
    ...rest,
    entries,
    balance,
    skipped: run.upload.skipped,
    ignored: run.upload.ignored,
    unannounced: { count: run.upload.unannounced, suffixes },
    notCollected: [...run.results.notCollected].map(([key, why]) => `${key}: ${why}`),
    tasks: usesOf(tasks),
    cost: billOfRun({
      tasks: tasks.flatMap((task) => {
        const seconds = secondsOf(task);
        return seconds === undefined ? [] : [{ capacityProvider: task.capacityProvider, seconds }];
      }),
      vcpus: pipeline.cpuUnits / 1_024,
      memoryGb: pipeline.memoryMiB / 1_024,
      objects: entries.length,
      uploads: entries.reduce((sum, { file }) => sum + uploadRequests(file.bytes), 0),
      outputs,
      deadLetters: balance.deadLettered,
      scalerRuns,
    }),
  };
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
