import pMap from 'p-map';
import { parsePartIndex } from '../../application-code/worker/src/parts/part-index';
import { parsePartKey, partsFolder } from '../../application-code/worker/src/parts/part-keys';
import type { ListedSource } from '../../dataset/ports';
import type { PipelineBuckets } from '../files/buckets';
import type { SampleOfSource } from '../files/ledger';
import type { FolderStore } from './folder-store';

/** The emulator answers one request after the other. */
const SOURCES_AT_A_TIME = 8;

export interface PartCollectorParts {
  readonly bucket: Pick<PipelineBuckets, 'get' | 'list' | 'remove'>;
  readonly destinationPrefix: string;
  /** Takes the parts under their keys below the destination prefix. */
  readonly store: FolderStore;
  /** Leaves the fetched parts in the bucket. */
  readonly keep: boolean;
  /** Called for each source of a part that has been fetched. */
  readonly onSource: (key: string, sample: SampleOfSource) => Promise<void>;
}

/**
 * Fetches the parts of a dataset during the run, so that the emulator holds few of them. It takes
 * them from the bucket and not from the tasks' reports: a task that is killed reports nothing.
 */
export class PartCollector {
  private readonly fetched = new Set<string>();
  private readonly eTags = new Map<string, string>();

  constructor(private readonly parts: PartCollectorParts) {}

  /** Parts that were fetched. */
  get count(): number {
    return this.fetched.size;
  }

  /** The sources of these parts, which the run may have removed from their bucket since. */
  get sources(): readonly ListedSource[] {
    return [...this.eTags].map(([key, eTag]) => ({ key, eTag }));
  }

  /** Fetches each part that is there and was not before. @returns how many. */
  async look(): Promise<number> {
    const { bucket, destinationPrefix } = this.parts;
    const keys = await bucket.list(partsFolder(destinationPrefix));
    const found = keys.filter(
      (key) => parsePartKey(destinationPrefix, key)?.kind === 'index' && !this.fetched.has(key),
    );
    for (const key of found) await this.fetch(key);
    return found.length;
  }

  private async fetch(indexKey: string): Promise<void> {
    const { bucket, keep } = this.parts;
    const tarKey = indexKey.replace(/jsonl$/, 'tar');
    await this.copy(tarKey);
    const index = parsePartIndex(await this.copy(indexKey));
    this.fetched.add(indexKey);
    if (!keep) for (const key of [indexKey, tarKey]) await bucket.remove(key);
    const { onSource } = this.parts;
    for (const { key, eTag } of [...index.samples, ...index.leftOut]) this.eTags.set(key, eTag);
    const sources: readonly (readonly [string, SampleOfSource])[] = [
      ...index.samples.map(({ key, length }) => [key, { kind: 'sample', bytes: length }] as const),
      ...index.leftOut.map(
        ({ key, leftOut: { because } }) => [key, { kind: 'left-out', because }] as const,
      ),
    ];
    const take = ([key, sample]: readonly [string, SampleOfSource]) => onSource(key, sample);
    await pMap(sources, take, { concurrency: SOURCES_AT_A_TIME, stopOnError: false });
  }

  /** @returns its text. */
  private async copy(key: string): Promise<string> {
    const { bucket, destinationPrefix, store } = this.parts;
    const { body } = await bucket.get(key);
    const below = key.slice(destinationPrefix.length);
    await store.create(below, body);
    return key.endsWith('.jsonl') ? ((await store.text(below))?.text ?? '') : '';
  }
}
