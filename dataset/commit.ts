import { DATASET_KEY } from '../application-code/worker/src/parts/dataset-places';
import { bodyOf } from './claim';
import { type CommittedDataset, type DatasetFile, datasetText, readDataset } from './dataset-file';
import { ConcurrentFinishError } from './faults';
import type { DatasetStore } from './ports';
import { generationFolder } from './shards/names';

export interface Committing {
  readonly prefix: string;
  /** What the finish began with. */
  readonly last: CommittedDataset | undefined;
  readonly file: DatasetFile;
}

/**
 * Makes a generation the dataset, unless another one has become it since.
 * @returns what dataset.json says afterwards.
 * @throws ConcurrentFinishError when another generation was committed meanwhile.
 */
export async function commit(
  store: DatasetStore,
  { prefix, last, file }: Committing,
): Promise<DatasetFile> {
  const key = `${prefix}${DATASET_KEY}`;
  const text = datasetText(file);
  const isCommitted = last
    ? await store.replace(key, text, last.eTag)
    : await store.create(key, bodyOf(text));
  if (isCommitted) return file;
  const there = (await readDataset(store, prefix))?.file;
  // Another run of the same plan, or an answer that was lost on its way.
  if (there?.generation === file.generation && there.plan === file.plan) return there;
  throw new ConcurrentFinishError(
    `another finish has committed generation ${there?.generation ?? '(removed since)'} ` +
      'meanwhile, which is whole. What this run wrote below ' +
      `${prefix}${generationFolder(file.generation)} belongs to no dataset and may be deleted. ` +
      'Finish again for what has been added since.',
  );
}
