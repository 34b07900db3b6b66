import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import {
  elementOf,
  INDEX_COLUMNS,
  type IndexEntry,
  parquetValue,
  type WorkloadColumns,
} from './index-columns';

/** Rows that are in memory together, in a writer and in a reader. */
const ROWS_OF_GROUP = 10_000;

/**
 * The index of a dataset as a Parquet file, row group by row group. The same rows make the same
 * bytes.
 */
export async function* indexBody(
  entries: AsyncIterable<IndexEntry>,
  workload: WorkloadColumns,
): AsyncGenerator<Uint8Array> {
  const columns = new Map([...Object.entries(INDEX_COLUMNS), ...workload.columns]);
  const elements = [...columns].map(([name, column]) => elementOf(name, column));
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: 'samples', num_children: elements.length }, ...elements],
    createdBy: 'spillway',
  });
  for await (const group of groupsOf(entries)) {
    const columnData = [...columns].map(([name, column]) => ({
      name,
      data: group.map((entry) => parquetValue(column, entry)),
    }));
    await parquet.write({ columnData, rowGroupSize: ROWS_OF_GROUP });
    yield takeFrom(writer);
  }
  await parquet.finish();
  yield takeFrom(writer);
}

async function* groupsOf(entries: AsyncIterable<IndexEntry>): AsyncGenerator<IndexEntry[]> {
  let group: IndexEntry[] = [];
  for await (const entry of entries) {
    group.push(entry);
    if (group.length < ROWS_OF_GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** What has been written since the last time; the writer keeps its offset in the file. */
function takeFrom(writer: ByteWriter): Uint8Array {
  const bytes = Uint8Array.from(writer.getBytes());
  writer.index = 0;
  return bytes;
}
