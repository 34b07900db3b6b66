import type { SchemaElement } from 'hyparquet';
import type { SampleRow } from '../../application-code/worker/src/parts/part-index';

/** A row of the index of a dataset. */
export interface IndexEntry {
  /** Its offset and length are those in the shard. */
  readonly row: SampleRow;
  /** Name of the shard's file. */
  readonly shard: string;
  readonly split: string;
  readonly classNumber?: number;
}

type ColumnType = 'text' | 'whole' | 'number';
type Value = string | bigint | number | null;

interface IndexColumn {
  readonly type: ColumnType;
  readonly isRequired?: true;
  readonly valueOf: (entry: IndexEntry) => string | number | undefined;
}

/** The columns of every index, in their order. */
export const INDEX_COLUMNS = {
  key: { type: 'text', isRequired: true, valueOf: ({ row }) => row.key },
  sample: { type: 'text', isRequired: true, valueOf: ({ row }) => row.sample },
  shard: { type: 'text', isRequired: true, valueOf: ({ shard }) => shard },
  offset: { type: 'whole', isRequired: true, valueOf: ({ row }) => row.offset },
  length: { type: 'whole', isRequired: true, valueOf: ({ row }) => row.length },
  split: { type: 'text', isRequired: true, valueOf: ({ split }) => split },
  label: { type: 'text', valueOf: ({ row }) => row.label },
  class: { type: 'whole', valueOf: ({ classNumber }) => classNumber },
  e_tag: { type: 'text', isRequired: true, valueOf: ({ row }) => row.eTag },
  source_bytes: { type: 'whole', isRequired: true, valueOf: ({ row }) => row.sourceBytes },
  last_modified: { type: 'text', valueOf: ({ row }) => row.lastModified },
  event_time: { type: 'text', valueOf: ({ row }) => row.eventTime },
  sequencer: { type: 'text', valueOf: ({ row }) => row.sequencer },
  read_at: { type: 'text', isRequired: true, valueOf: ({ row }) => row.readAt },
  files: { type: 'text', isRequired: true, valueOf: ({ row }) => JSON.stringify(row.files) },
} as const satisfies Readonly<Record<string, IndexColumn>>;

/** From the narrowest on: each can hold the values of those before it. */
const WIDTHS = ['whole', 'number', 'text'] as const satisfies readonly ColumnType[];

/** Columns of the workload: each has the narrowest type that holds all its values. */
export class WorkloadColumns {
  private readonly types = new Map<string, ColumnType>();

  add(columns: SampleRow['columns'] = {}): void {
    for (const [name, value] of Object.entries(columns)) {
      const types = [typeOf(value), this.types.get(name)];
      this.types.set(name, WIDTHS.findLast((type) => types.includes(type)) ?? 'text');
    }
  }

  /** By the names that they have in the index, where the other columns keep theirs. */
  get columns(): ReadonlyMap<string, IndexColumn> {
    const names = [...this.types].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(
      names.map(([name, type]) => [
        name in INDEX_COLUMNS ? `${PREFIX}${name}` : name,
        { type, valueOf: ({ row }) => row.columns?.[name] },
      ]),
    );
  }
}

function typeOf(value: string | number): ColumnType {
  if (typeof value === 'string') return 'text';
  return Number.isSafeInteger(value) ? 'whole' : 'number';
}

/** Before a workload's column that has the name of another one. */
const PREFIX = 'workload_';

/** The workload's own name of a column. */
export const workloadName = (column: string) =>
  column.startsWith(PREFIX) && column.slice(PREFIX.length) in INDEX_COLUMNS
    ? column.slice(PREFIX.length)
    : column;

/** Parquet's description of a column. */
export function elementOf(name: string, { type, isRequired }: IndexColumn): SchemaElement {
  const repetition_type = isRequired ? 'REQUIRED' : 'OPTIONAL';
  if (type === 'text') return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type };
  return { name, type: type === 'whole' ? 'INT64' : 'DOUBLE', repetition_type };
}

/** A value as Parquet's type has it. */
export function parquetValue(column: IndexColumn, entry: IndexEntry): Value {
  const value = column.valueOf(entry);
  if (value === undefined) return null;
  if (column.type === 'text') return String(value);
  return column.type === 'whole' ? BigInt(value) : Number(value);
}
