import { mkdir, rm } from 'node:fs/promises';
import type { OutFolder } from '../files/out-folder';
import type { StartOptions } from '../options';
import type { FolderRun } from '../run/folder-run';
import type { FinishedDataset, FinishRunParts } from './finish-run';
import { FolderStore } from './folder-store';

/** An empty folder for the parts of a run. */
export async function openWork({ workFolder }: OutFolder): Promise<FolderStore> {
  await rm(workFolder, { recursive: true, force: true });
  await mkdir(workFolder);
  return new FolderStore(workFolder);
}

export interface FinishedDatasetParts extends Pick<FinishRunParts, 'out' | 'pipeline' | 'now'> {
  readonly work?: FolderStore;
  readonly folderRun: Pick<FolderRun, 'results'>;
}

/** The dataset of a run; null: it has no sample; undefined: the outputs of the run are objects. */
export async function finishedDataset(
  { destination }: Pick<StartOptions, 'destination'>,
  { work, folderRun, ...parts }: FinishedDatasetParts,
): Promise<FinishedDataset | null | undefined> {
  if (destination.kind === 'objects' || !work) return undefined;
  // Most runs do without the code of datasets.
  const { finishRun } = await import('./finish-run');
  const { samples: samplesPerShard } = destination;
  const { sources = [] } = folderRun.results.parts ?? {};
  return (await finishRun({ ...parts, work, sources, samplesPerShard })) ?? null;
}
