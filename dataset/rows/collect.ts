import type { LeftOutRow, PartHeader } from '../../application-code/worker/src/parts/part-index';
import type { CommittedDataset, DatasetFile } from '../dataset-file';
import { WorkloadColumns } from '../parquet/index-columns';
import { indexRows } from '../parquet/index-rows';
import type { FormerShard } from '../plan/plan';
import type { DatasetPorts } from '../ports';
import { fileName } from '../shards/names';
import { jsonLines } from './left-out';
import { type ListedPart, partIndexes } from './parts';
import { Versions } from './versions';

/** What the shards of a new generation can be made of. */
export interface Material {
  readonly versions: Versions;
  /** Keys of the tars, by their numbers. */
  readonly tars: readonly string[];
  readonly former: readonly FormerShard[];
  readonly workloadColumns: WorkloadColumns;
  /** Of the newest part, or of the last generation. */
  readonly made: Pick<PartHeader, 'recipe' | 'recipeHash' | 'workload'>;
}

export interface Sources {
  /** The last generation, if it is of the chosen recipe. */
  readonly former: CommittedDataset | undefined;
  /** Of the chosen recipe. */
  readonly parts: readonly ListedPart[];
  readonly prefix: string;
}

/** Reads the rows of the last generation, and then those of all parts. */
export async function collect(ports: DatasetPorts, sources: Sources): Promise<Material> {
  const { store, spool, progress } = ports;
  const versions = new Versions(spool);
  const workloadColumns = new WorkloadColumns();
  const tars: string[] = [];
  let made: Material['made'] | undefined = sources.former?.file;
  if (sources.former)
    await collectFormer(
      ports,
      { ...sources, file: sources.former.file },
      { versions, workloadColumns, tars },
    );
  let read = 0;
  for await (const [part, { header, samples, leftOut }] of partIndexes(store, sources.parts)) {
    const tar = tars.push(part.tar) - 1;
    for (const row of [...samples, ...leftOut]) versions.add(row, { tar });
    for (const { columns } of samples) workloadColumns.add(columns);
    made = header;
    read += 1;
    progress?.({ event: 'parts-read', parts: read, of: sources.parts.length });
  }
  if (!made) throw new Error('Parts of a chosen recipe, or a generation of it, must be there.');
  return { versions, tars, workloadColumns, made, former: sources.former?.file.shards ?? [] };
}

async function collectFormer(
  { store }: DatasetPorts,
  { prefix, file }: { readonly prefix: string; readonly file: DatasetFile },
  into: Pick<Material, 'versions' | 'workloadColumns'> & { readonly tars: string[] },
): Promise<void> {
  const first = into.tars.length;
  into.tars.push(...file.shards.map(({ key }) => `${prefix}${key}`));
  const numbers = new Map(file.shards.map(({ key }, at) => [fileName(key), first + at]));
  let position = 0;
  for (const index of file.indexes)
    for await (const { row, shard } of indexRows(store, `${prefix}${index.key}`, index)) {
      into.versions.add(row, { tar: numbers.get(shard) ?? first, position });
      into.workloadColumns.add(row.columns);
      position += 1;
    }
  if (!file.leftOut) return;
  for await (const row of jsonLines<LeftOutRow>(store.stream(`${prefix}${file.leftOut.key}`)))
    into.versions.add(row, { tar: first });
}
