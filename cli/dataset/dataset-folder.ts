import { type DatasetFile, readDataset } from '../../dataset/dataset-file';
import { DatasetError } from '../../dataset/faults';
import { FolderStore } from '../../local/dataset/folder-store';
import { shown } from '../../text/words';
import { UsageError } from '../terminal/failures';
import type { DatasetOptions } from './dataset-target';

/** A dataset that lies in a folder, whatever wrote or downloaded it. */
export interface DatasetFolder {
  readonly store: FolderStore;
  readonly file: DatasetFile;
}

/** What a command says of its argument. */
export const FOLDER_ARGUMENT = [
  '[FOLDER]',
  'a dataset in this folder, as `npm start -- DIR --dataset --out FOLDER` writes it or `aws s3 ' +
    'sync` downloads it, instead of that of a pipeline; needs no account',
] as const;

/** @throws UsageError when there is no dataset in it, or a pipeline is named as well. */
export async function openFolder(
  folder: string,
  { environment, pipeline, local }: DatasetOptions,
): Promise<DatasetFolder> {
  if (environment !== undefined || pipeline !== undefined || local !== undefined)
    throw new UsageError(
      `name either a folder (${shown(folder)}) or a pipeline by --environment, --pipeline or ` +
        '--local (SPILLWAY_ENVIRONMENT and SPILLWAY_PIPELINE count as such), not both.',
    );
  const store = new FolderStore(folder);
  const committed = await readDataset(store, '').catch((error: unknown) => {
    if (!(error instanceof DatasetError)) throw error;
    throw new UsageError(error.message, { cause: error });
  });
  if (committed) return { store, file: committed.file };
  throw new UsageError(
    `FOLDER must have a dataset.json, but ${shown(folder)} has none: name the folder that \`npm ` +
      'start -- DIR --dataset --out FOLDER` wrote, or into which the destination prefix was ' +
      'downloaded.',
  );
}
