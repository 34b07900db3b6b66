import type { LeftOutRow, SampleRow } from '../../application-code/worker/src/parts/part-index';
import type { Spool } from '../ports';
import { Columns } from './columns';
import { fractionOf, type KeyHash, KeyTable, keyHash } from './key-table';

export type Row = SampleRow | LeftOutRow;

/** In a column of numbers: no value. */
export const NONE = 0xffffffff;

/** Where a row was read. */
export interface RowOrigin {
  /** Number of the tar that has the sample. */
  readonly tar: number;
  /** Number of the sample in the dataset of the last generation, if it is from there. */
  readonly position?: number;
}

export const isSample = (row: Row): row is SampleRow => !('leftOut' in row);

/**
 * Every version of every source that has a row: a key has one row for each of its ETags. In memory
 * is what is compared, about 100 bytes a row; the rows themselves are in a spool.
 */
export class Versions {
  private readonly keys = new KeyTable();
  private readonly rows = new Columns({
    key: Uint32Array,
    next: Uint32Array,
    eTag: Float64Array,
    tar: Uint32Array,
    place: Float64Array,
    bytes: Uint32Array,
    modifiedAt: Float64Array,
    readAt: Float64Array,
    eventTime: Float64Array,
    label: Uint32Array,
    position: Uint32Array,
    isSample: Uint8Array,
    dhashHigh: Uint32Array,
    dhashLow: Uint32Array,
    hasDhash: Uint8Array,
  });
  /** The first version of each key, by the number of the key. */
  private readonly first = new Columns({ version: Uint32Array });
  private readonly labelNumbers = new Map<string, number>();

  constructor(private readonly spool: Spool) {}

  /** Number of versions. */
  get size(): number {
    return this.rows.size;
  }

  get keyCount(): number {
    return this.keys.size;
  }

  /** All labels, by their numbers. */
  get labels(): readonly string[] {
    return [...this.labelNumbers.keys()];
  }

  /**
   * Adds a row. Of two rows of one version the one of the last generation stays, since its shard
   * may stay as well; else the one that was read later.
   * @returns false if the version has a better row.
   */
  add(row: Row, origin: RowOrigin): boolean {
    const key = this.keys.add(keyHash(row.key));
    if (key === this.first.size) this.first.add({ version: NONE });
    const eTag = fractionOf(keyHash(row.eTag));
    const readAt = Date.parse(row.readAt);
    const same = this.versionsOf(key).find((version) => this.rows.get('eTag', version) === eTag);
    if (same !== undefined && !this.isBetter(same, readAt)) return false;
    const values = { key, eTag, readAt, ...this.spooled(row), ...this.valuesOf(row, origin) };
    if (same !== undefined) this.rows.set(same, values);
    else {
      const next = this.first.get('version', key);
      this.first.set(key, { version: this.rows.add({ ...values, next }) });
    }
    return true;
  }

  /** Numbers of the versions of a key; none for a key without a row. */
  versionsOf(key: number | undefined): number[] {
    const found: number[] = [];
    if (key === undefined) return found;
    let version = this.first.get('version', key);
    while (version !== NONE) {
      found.push(version);
      version = this.rows.get('next', version);
    }
    return found;
  }

  keyNumber(key: string): number | undefined {
    return this.keys.find(keyHash(key));
  }

  isOfETag(version: number, eTag: string): boolean {
    return this.rows.get('eTag', version) === fractionOf(keyHash(eTag));
  }

  /** A row of which `name` is a number. */
  get(name: keyof (typeof this.rows)['of'], version: number): number {
    return this.rows.get(name, version);
  }

  hashOf(version: number): KeyHash {
    return this.keys.hashOf(this.rows.get('key', version));
  }

  /** Key and ETag, as one text. */
  identity(version: number): string {
    return `${this.hashOf(version).join(' ')} ${this.rows.get('eTag', version)}`;
  }

  /** The whole row, from the spool. */
  read(version: number): Row {
    const place = this.rows.get('place', version);
    return JSON.parse(this.spool.read(place, this.rows.get('bytes', version)).toString());
  }

  private isBetter(there: number, readAt: number): boolean {
    return this.rows.get('position', there) === NONE && readAt > this.rows.get('readAt', there);
  }

  private spooled(row: Row): { readonly place: number; readonly bytes: number } {
    const line = Buffer.from(JSON.stringify(row));
    return { place: this.spool.append(line), bytes: line.length };
  }

  private valuesOf(row: Row, { tar, position = NONE }: RowOrigin) {
    const { label, columns = {} }: Partial<SampleRow> = isSample(row) ? row : {};
    const dhash = typeof columns.dhash === 'string' ? columns.dhash : undefined;
    return {
      tar,
      position,
      next: NONE,
      modifiedAt: Date.parse(row.lastModified ?? '') || 0,
      eventTime: Date.parse(row.eventTime ?? '') || 0,
      label: label === undefined ? NONE : this.labelNumber(label),
      isSample: isSample(row) ? 1 : 0,
      dhashHigh: Number.parseInt(dhash?.slice(0, 8) ?? '0', 16),
      dhashLow: Number.parseInt(dhash?.slice(8) ?? '0', 16),
      hasDhash: dhash === undefined ? 0 : 1,
    };
  }

  private labelNumber(label: string): number {
    const number = this.labelNumbers.get(label) ?? this.labelNumbers.size;
    this.labelNumbers.set(label, number);
    return number;
  }
}
