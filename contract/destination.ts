import {
  DATASET_KEY,
  PARTS_FOLDER,
  SHARDS_FOLDER,
} from '../application-code/worker/src/parts/dataset-places';
import { SHARD_VARIABLES, type ShardVariable } from '../application-code/worker/src/shard-settings';
import { type ValuesOf, variablesOf } from '../text/variables';

type Shards = ValuesOf<typeof SHARD_VARIABLES>;

/** What the destination bucket of a pipeline gets, as it is configured. */
export type DestinationSettings =
  | { readonly kind: 'objects' }
  | ({
      readonly kind: 'shards';
      /** A pattern, or where else the label of a sample comes from. */
      readonly label: 'folder' | 'none' | { readonly pattern: string };
    } & Pick<Shards, 'samples' | 'mebibytes' | 'seconds'>);

/** Variables of a worker that collects samples for shards; none for one that writes objects. */
export function destinationVariables(
  destination: DestinationSettings,
): Readonly<Partial<Record<ShardVariable, string>>> {
  if (destination.kind === 'objects') return {};
  const { kind: destinationKind, label, ...part } = destination;
  return variablesOf(SHARD_VARIABLES, {
    ...part,
    destinationKind,
    label: typeof label === 'string' ? label : label.pattern,
  });
}

/** Samples that a task collects before it acknowledges any; 0: it collects none. */
export function samplesOf(destination: DestinationSettings): number {
  return destination.kind === 'shards' ? destination.samples : 0;
}

/** Where a dataset lies in its bucket: prefixes of parts and shards, and the key of its file. */
export function datasetPlaces(
  destinationPrefix: string,
): readonly [parts: string, shards: string, manifest: string] {
  const below = (path: string) => `${destinationPrefix}${path}`;
  return [below(PARTS_FOLDER), below(SHARDS_FOLDER), below(DATASET_KEY)];
}
