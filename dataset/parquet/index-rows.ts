import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { SampleFile, SampleRow } from '../../application-code/worker/src/parts/part-index';
import type { RowsFile } from '../dataset-file';
import { DatasetError } from '../faults';
import type { DatasetStore } from '../ports';
import { INDEX_COLUMNS, type IndexEntry, workloadName } from './index-columns';

type Values = Readonly<Record<string, string | number | bigint | null | undefined>>;

/** Reads an index row group by row group. */
export async function* indexRows(
  store: DatasetStore,
  key: string,
  { bytes, rows }: RowsFile,
): AsyncGenerator<IndexEntry> {
  const file = {
    byteLength: bytes,
    slice: async (start: number, end: number = bytes) =>
      copied(await store.range(key, start, end - start)),
  };
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw new DatasetError(`${key} is not a Parquet file: ${(error as Error).message}`);
  });
  if (Number(metadata.num_rows) !== rows)
    throw new DatasetError(
      `${key} has ${metadata.num_rows} rows, but dataset.json says ${rows}: one of the two was ` +
        'replaced.',
    );
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const objects = await parquetReadObjects({ file, metadata, rowStart, rowEnd });
    for (const values of objects) yield entryOf(values as Values);
    rowStart = rowEnd;
  }
}

function entryOf(values: Values): IndexEntry {
  const text = (name: string) => values[name] as string;
  const row: SampleRow = {
    key: text('key'),
    sample: text('sample'),
    eTag: text('e_tag'),
    ...optional('lastModified', values.last_modified),
    ...optional('eventTime', values.event_time),
    ...optional('sequencer', values.sequencer),
    readAt: text('read_at'),
    sourceBytes: Number(values.source_bytes),
    offset: Number(values.offset),
    length: Number(values.length),
    files: JSON.parse(text('files')) as SampleFile[],
    ...optional('label', values.label),
    ...columnsOf(values),
  };
  const { class: classNumber } = values;
  return {
    row,
    shard: text('shard'),
    split: text('split'),
    ...(classNumber !== null && classNumber !== undefined && { classNumber: Number(classNumber) }),
  };
}

function optional<Name extends string>(name: Name, value: Values[string]) {
  return (typeof value === 'string' ? { [name]: value } : {}) as Partial<Record<Name, string>>;
}

/** What the workload said of the sample. */
function columnsOf(values: Values): Pick<SampleRow, 'columns'> {
  const own = Object.entries(values).filter(
    ([name, value]) => !(name in INDEX_COLUMNS) && value !== null && value !== undefined,
  );
  if (own.length === 0) return {};
  const columns = own.map(([name, value]) => [
    workloadName(name),
    typeof value === 'bigint' ? Number(value) : value,
  ]);
  return { columns: Object.fromEntries(columns) as Record<string, string | number> };
}

/** The reader looks at whole buffers; those of a response may be part of a larger one. */
function copied(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
