import type { SampleRow } from '../../application-code/worker/src/parts/part-index';
import { END_OF_ARCHIVE, paddingOf, tarEntry } from '../../application-code/worker/src/parts/tar';
import { sha256Of } from '../shards/checksum';

/** File of a sample with the number of its class, as WebDataset's readers expect it. */
const CLASS_EXTENSION = 'cls';

/** Numbers of classes by their names. */
export type Classes = ReadonlyMap<string, number>;

/** A sample in a shard. */
export interface PlacedSample {
  /** Where its records are copied from. */
  readonly from: { readonly tar: number; readonly offset: number; readonly length: number };
  /** What follows in the shard. */
  readonly appended: Uint8Array;
  /** The row of the shard's index. */
  readonly row: SampleRow;
  readonly classNumber?: number;
}

export interface RowOfTar {
  readonly row: SampleRow;
  readonly tar: number;
}

/** Bytes of a shard with these samples. */
export function shardBytes(samples: readonly PlacedSample[]): number {
  return samples.reduce((sum, { row }) => sum + row.length, END_OF_ARCHIVE.length);
}

/** Puts samples one behind the other, with the file of the class where a label has a number. */
export function layOut(rows: readonly RowOfTar[], classes: Classes): readonly PlacedSample[] {
  let end = 0;
  return rows.map(({ row, tar }) => {
    const from = { tar, offset: row.offset, length: row.length };
    const classNumber = row.label === undefined ? undefined : classes.get(row.label);
    const hasClass = row.files.some(({ extension }) => extension === CLASS_EXTENSION);
    const added = classNumber === undefined || hasClass ? undefined : classFile(row, classNumber);
    const appended = added?.records ?? Buffer.alloc(0);
    const placed = {
      ...row,
      offset: end,
      length: row.length + appended.length,
      files: added ? [...row.files, added.file] : row.files,
    };
    end += placed.length;
    return { from, appended, row: placed, ...(classNumber !== undefined && { classNumber }) };
  });
}

function classFile({ sample, lastModified, readAt }: SampleRow, classNumber: number) {
  const content = Buffer.from(String(classNumber));
  const bytes = content.length;
  const name = `${sample}.${CLASS_EXTENSION}`;
  const header = tarEntry({ name, bytes, modifiedAt: new Date(lastModified ?? readAt) });
  return {
    records: Buffer.concat([header, content, paddingOf(bytes)]),
    file: { extension: CLASS_EXTENSION, bytes, sha256: sha256Of(content) },
  };
}
