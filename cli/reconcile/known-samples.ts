import { datasetRecipeHash } from '../../application-code/worker/src/parts/dataset-recipe';
import { readDataset } from '../../dataset/dataset-file';
import type { DatasetPorts } from '../../dataset/ports';
import { collect, type Sources } from '../../dataset/rows/collect';
import { listParts } from '../../dataset/rows/parts';
import type { Versions } from '../../dataset/rows/versions';
import type { ListedObject } from '../ports/buckets';
import type { DeployedWorker } from '../target/deployed-worker';
import type { Target } from '../target/target';

/** What a dataset calls the output of a source. */
export const SAMPLE = 'its sample';

/** What a dataset has of one version of a source. */
export interface KnownSource {
  /** `left-out`: a filter of the recipe does without it. */
  readonly state: 'sample' | 'left-out' | 'absent';
  /** Whether an older recipe made it. */
  readonly isOutdated: boolean;
}

/** What the parts and the last generation of a dataset have of its sources. */
export class KnownSamples {
  constructor(
    private readonly inForce: Versions | undefined,
    private readonly older: Versions | undefined,
  ) {}

  of(source: Pick<ListedObject, 'key' | 'etag'>): KnownSource {
    const now = stateIn(this.inForce, source);
    const state = now ?? stateIn(this.older, source) ?? 'absent';
    return { state, isOutdated: now === undefined && state !== 'absent' };
  }
}

function stateIn(
  versions: Versions | undefined,
  { key, etag }: Pick<ListedObject, 'key' | 'etag'>,
): 'sample' | 'left-out' | undefined {
  const version = versions
    ?.versionsOf(versions.keyNumber(key))
    .find((one) => versions.isOfETag(one, `"${etag}"`));
  if (version === undefined) return undefined;
  return versions?.get('isSample', version) === 1 ? 'sample' : 'left-out';
}

/** A pipeline whose destination is shards. */
export type ShardsWorker = DeployedWorker & { readonly shardLabel: string };

export const hasShards = (worker: DeployedWorker): worker is ShardsWorker =>
  worker.shardLabel !== undefined;

/** Reads the indexes of all parts, and of the last generation. */
export async function knownSamples(
  { account, chosen }: Target,
  worker: ShardsWorker,
): Promise<KnownSamples> {
  const { destinationPrefix: prefix } = worker;
  const { ports, close } = account.openDataset(
    {
      source: { ...worker.source, prefix: worker.sourcePrefix },
      destination: { ...worker.destination, prefix },
      suffixes: chosen.suffixes,
    },
    () => undefined,
  );
  try {
    const recipeHash = datasetRecipeHash(worker.outputs, worker.shardLabel);
    const { store } = ports;
    const last = await readDataset(store, prefix);
    const { parts } = await listParts(store, prefix);
    const versions = (isInForce: boolean) => {
      const isWanted = (one: { readonly recipeHash: string }) =>
        (one.recipeHash === recipeHash) === isInForce;
      const former = last && isWanted(last.file) ? last : undefined;
      return versionsOf(ports, { former, parts: parts.filter(isWanted), prefix });
    };
    return new KnownSamples(await versions(true), await versions(false));
  } finally {
    close();
  }
}

async function versionsOf(ports: DatasetPorts, sources: Sources): Promise<Versions | undefined> {
  const isEmpty = sources.parts.length === 0 && !sources.former;
  return isEmpty ? undefined : (await collect(ports, sources)).versions;
}
