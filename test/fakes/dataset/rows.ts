import type { LeftOutRow, SampleRow } from '../../../application-code/worker/src/parts/part-index';
import { sampleKeyOf } from '../../../application-code/worker/src/parts/sample-key';
import type { Spool } from '../../../dataset/ports';
import { type Row, type RowOrigin, Versions } from '../../../dataset/rows/versions';

export const READ_AT = '2026-11-01T12:00:00.000Z';

/** A row of a part as it is for a small picture. */
export function sampleRow(key: string, more: Partial<SampleRow> = {}): SampleRow {
  return {
    key,
    sample: sampleKeyOf(key),
    eTag: '"1"',
    readAt: READ_AT,
    sourceBytes: 1000,
    offset: 0,
    length: 1024,
    files: [{ extension: 'jpg', bytes: 5, sha256: '00' }],
    ...more,
  };
}

export function leftOutRow(key: string, more: Partial<LeftOutRow> = {}): LeftOutRow {
  const leftOut = { output: '224', because: 'The picture is too small.' };
  return { key, eTag: '"1"', readAt: READ_AT, sourceBytes: 1000, leftOut, ...more };
}

export class MemorySpool implements Spool {
  private readonly rows: Uint8Array[] = [];

  append(bytes: Uint8Array): number {
    return this.rows.push(bytes) - 1;
  }

  read(place: number): Buffer {
    return Buffer.from(this.rows[place] ?? []);
  }
}

/** Versions of these rows, all of the first tar unless said otherwise. */
export function versionsOf(rows: readonly Row[], origins: readonly RowOrigin[] = []): Versions {
  const versions = new Versions(new MemorySpool());
  rows.forEach((row, at) => {
    versions.add(row, origins[at] ?? { tar: 0 });
  });
  return versions;
}

export async function* streamOf<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}
