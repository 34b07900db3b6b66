import { type CommittedDataset, readDataset } from './dataset-file';
import { ConcurrentFinishError, MissingObjectError } from './faults';
import { type DatasetSummary, type FinishOptions, makeGeneration } from './generation';
import type { DatasetPorts } from './ports';
import { collect, type Material } from './rows/collect';
import { type NewestVersions, newestVersions } from './rows/newest';
import { listParts } from './rows/parts';
import { checkOtherRecipes, chosenRecipe } from './rows/recipes';

/**
 * Makes a generation of shards of all parts and of the last generation, and commits it. It can be
 * killed at any point and run again; of two runs at once one commits.
 * @throws DatasetError which says what to do.
 */
export async function finishDataset(
  ports: DatasetPorts,
  options: FinishOptions,
): Promise<DatasetSummary> {
  const last = await readDataset(ports.store, options.prefix);
  try {
    return await finishAfter(last, ports, options);
  } catch (error) {
    if (!(error instanceof MissingObjectError)) throw error;
    const now = await readDataset(ports.store, options.prefix);
    if (now?.eTag === last?.eTag) throw error;
    throw new ConcurrentFinishError(
      `another finish has committed generation ${now?.file.generation} meanwhile, and removed ` +
        'parts that this one was reading. Finish again for what has been added since.',
      { cause: error },
    );
  }
}

async function finishAfter(
  last: CommittedDataset | undefined,
  ports: DatasetPorts,
  options: FinishOptions,
): Promise<DatasetSummary> {
  const { store } = ports;
  const { parts: all } = await listParts(store, options.prefix);
  const recipeHash = chosenRecipe({
    parts: all,
    ...(last && { former: last.file.recipeHash }),
    ...(options.recipe !== undefined && { wanted: options.recipe }),
  });
  const former = last?.file.recipeHash === recipeHash ? last : undefined;
  const parts = all.filter((part) => part.recipeHash === recipeHash);
  const material = await collect(ports, { former, parts, prefix: options.prefix });
  if (options.recipe === undefined)
    await checkOtherRecipes(store, { parts: all, chosen: recipeHash }, material.versions);
  const newest = await newestOf(ports, material, options);
  return makeGeneration(ports, options, { last, former, parts, material, newest });
}

function newestOf(
  { sources, progress }: DatasetPorts,
  { versions }: Material,
  { withoutDeleted, onLacking }: FinishOptions,
): Promise<NewestVersions> {
  return newestVersions(versions, sources.list(), {
    ...(withoutDeleted !== undefined && { withoutDeleted }),
    ...(onLacking && { onLacking }),
    onListed: (count) => progress?.({ event: 'sources-listed', sources: count }),
  });
}
