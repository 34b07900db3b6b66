import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock';
import type { ShardSettings, WorkerEnvironment } from '../environment';
import type { OutputObjects } from '../job/ports';
import type { Log } from '../log';
import type { Tally } from '../tally';
import type { OutputPlan } from '../workload/recipe';
import { datasetRecipeHash } from './dataset-recipe';
import { LocalPartFiles } from './part-file';
import { Parts } from './parts';

/** What a worker has that collects samples. */
export interface PartsWorker {
  readonly shards: ShardSettings;
  readonly environment: Pick<WorkerEnvironment, 'destinationPrefix' | 'recipe'>;
  /** Name of the workload. */
  readonly workload: string;
  readonly outputs: readonly OutputPlan[];
  readonly destination: OutputObjects;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
}

const MIB = 2 ** 20;
/** Of the random id in the names of a worker's parts. */
const ID_BYTES = 6;

/** The parts of a worker as its environment describes them. */
export function partsOf({ shards, environment, workload, outputs, ...rest }: PartsWorker): Parts {
  const { samples, mebibytes, seconds, label } = shards;
  const { destinationPrefix, recipe } = environment;
  const recipeHash = datasetRecipeHash(outputs, label);
  return new Parts({
    ...rest,
    ...{ destinationPrefix, label },
    recipe: { recipeHash, recipe, workload },
    files: new LocalPartFiles(),
    limits: { samples, bytes: mebibytes * MIB, seconds },
    worker: randomBytes(ID_BYTES).toString('hex'),
  });
}
