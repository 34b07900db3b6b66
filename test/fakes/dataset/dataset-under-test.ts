import { createHash } from 'node:crypto';
import {
  type LeftOutRow,
  partIndexText,
  type SampleRow,
} from '../../../application-code/worker/src/parts/part-index';
import { partKeys } from '../../../application-code/worker/src/parts/part-keys';
import { sampleKeyOf } from '../../../application-code/worker/src/parts/sample-key';
import {
  END_OF_ARCHIVE,
  paddingOf,
  tarEntry,
} from '../../../application-code/worker/src/parts/tar';
import { finishDataset } from '../../../dataset/finish';
import type { DatasetSummary, FinishOptions } from '../../../dataset/generation';
import type { DatasetStore } from '../../../dataset/ports';
import { FakeBucket } from '../bucket';
import { FakeStore } from './fake-store';
import { leftOutRow, MemorySpool, READ_AT, sampleRow } from './rows';

export const RECIPE = 'aaaaaaaaaaaa';
export const NEWER_RECIPE = 'bbbbbbbbbbbb';
export const PREFIX = 'made/';

/** A source as a worker read it. */
export interface ReadSource extends Partial<Pick<SampleRow, 'label' | 'columns' | 'eventTime'>> {
  readonly key: string;
  readonly body: string;
  /** Why a filter left it out. */
  readonly leftOut?: string;
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

/** Two buckets, and workers that have written parts into one of them. */
export class DatasetUnderTest {
  readonly sources = new FakeBucket();
  readonly destination = new FakeBucket();
  private parts = 0;

  constructor(readonly prefix = PREFIX) {}

  /** An object of the source bucket, which no part has yet. */
  upload(key: string, body: string): void {
    this.sources.put(key, body);
  }

  /** Objects of the source bucket that a task makes samples of; it writes one part. */
  addPart(read: readonly ReadSource[], recipeHash = RECIPE): string {
    for (const { key, body } of read) this.upload(key, body);
    return this.writePart(read, recipeHash);
  }

  /** A part of sources as they were: what the bucket has is not looked at. */
  writePart(read: readonly ReadSource[], recipeHash = RECIPE): string {
    this.parts += 1;
    const part = `20261101T1200${String(this.parts).padStart(2, '0')}-task-1`;
    const keys = partKeys(this.prefix, { recipeHash, part });
    const samples: SampleRow[] = [];
    const leftOut: LeftOutRow[] = [];
    const records: Buffer[] = [];
    let offset = 0;
    for (const source of read) {
      const facts = factsOf(source, this.parts);
      if (source.leftOut !== undefined) {
        const said = { output: '224', because: source.leftOut };
        leftOut.push(leftOutRow(source.key, { ...facts, leftOut: said }));
        continue;
      }
      const made = sampleOf(source);
      samples.push(
        sampleRow(source.key, {
          ...facts,
          ...{ offset, length: made.records.length, files: made.files },
          ...(source.label !== undefined && { label: source.label }),
          ...(source.columns && { columns: source.columns }),
        }),
      );
      records.push(made.records);
      offset += made.records.length;
    }
    const tar = Buffer.concat([...records, END_OF_ARCHIVE]);
    this.destination.put(keys.tar, tar);
    const header = {
      ...({ spillway: 'part', version: 1, recipeHash, recipe: { of: recipeHash } } as const),
      ...{ workload: 'images', bytes: tar.length, sha256: sha256(tar) },
      ...{ samples: samples.length, leftOut: leftOut.length },
    };
    this.destination.put(keys.index, partIndexText({ header, samples, leftOut }));
    return keys.index;
  }

  get store(): DatasetStore {
    return new FakeStore(this.destination);
  }

  finish(
    options: Partial<FinishOptions> = {},
    store: DatasetStore = this.store,
  ): Promise<DatasetSummary> {
    const sources = this.sources;
    async function* list() {
      for (const key of sources.keys()) yield { key, eTag: sources.get(key)?.eTag ?? '' };
    }
    return finishDataset(
      { store, sources: { list }, spool: new MemorySpool() },
      {
        ...{ prefix: this.prefix, source: { bucket: 'photos', prefix: '' }, samplesPerShard: 3 },
        now: () => 0,
        ...options,
      },
    );
  }
}

function factsOf({ body, eventTime }: ReadSource, part: number) {
  return {
    eTag: `"${createHash('md5').update(body).digest('hex')}"`,
    readAt: new Date(Date.parse(READ_AT) + part * 1000).toISOString(),
    sourceBytes: body.length,
    lastModified: READ_AT,
    ...(eventTime !== undefined && { eventTime }),
  };
}

/** A "picture", which is the source in capitals, and what is known of it. */
function sampleOf({ key, body }: ReadSource) {
  const contents = { jpg: body.toUpperCase(), json: JSON.stringify({ key }) };
  const modifiedAt = new Date(READ_AT);
  const parts = Object.entries(contents).map(([extension, text]) => {
    const content = Buffer.from(text);
    const name = `${sampleKeyOf(key)}.${extension}`;
    const header = tarEntry({ name, bytes: content.length, modifiedAt });
    return {
      records: Buffer.concat([header, content, paddingOf(content.length)]),
      file: { extension, bytes: content.length, sha256: sha256(content) },
    };
  });
  return {
    records: Buffer.concat(parts.map(({ records }) => records)),
    files: parts.map(({ file }) => file),
  };
}
