import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { DATASET_KEY } from '../../application-code/worker/src/parts/dataset-places';
import { type DatasetFile, datasetText, readDataset } from '../../dataset/dataset-file';
import { NoSamplesError } from '../../dataset/faults';
import { finishDataset } from '../../dataset/finish';
import type { IndexEntry } from '../../dataset/parquet/index-columns';
import { indexRows } from '../../dataset/parquet/index-rows';
import type { ListedSource } from '../../dataset/ports';
import { FileSpool } from '../../dataset/rows/spool';
import { verifyDataset } from '../../dataset/verify';
import type { OutFolder } from '../files/out-folder';
import type { Pipeline } from '../ports';
import { type ContactSheet, ContactSheetBuilder } from './contact-sheet';
import { FolderStore } from './folder-store';

export interface FinishedDataset {
  /** As it lies in `out/`. */
  readonly file: DatasetFile;
  /** What is wrong with it, in sentences. */
  readonly problems: readonly string[];
  /** Keys of the sources that have a sample in it. */
  readonly keys: ReadonlySet<string>;
  readonly sheet: ContactSheet;
  /** Seconds that it took. */
  readonly seconds: number;
}

export interface FinishRunParts {
  /** Holds the parts. */
  readonly work: FolderStore;
  readonly out: OutFolder;
  readonly pipeline: Pick<Pipeline, 'sourceBucket' | 'sourcePrefix'>;
  /** The versions of the sources that the run has read. */
  readonly sources: readonly ListedSource[];
  readonly samplesPerShard: number;
  readonly now: () => number;
}

/**
 * Makes the dataset of a run's parts, and lays it flat into `out/`: its files lie beside its
 * dataset.json. Then every byte of it is read again.
 * @returns undefined when no task has made a sample.
 */
export async function finishRun(parts: FinishRunParts): Promise<FinishedDataset | undefined> {
  const { out, now } = parts;
  const began = now();
  const made = await makeDataset(parts);
  if (!made) return undefined;
  const file = await layFlat(made, parts);
  const store = new FolderStore(out.folder);
  const { problems } = await verifyDataset({ store }, { prefix: '' });
  const keys = new Set<string>();
  const sheet = new ContactSheetBuilder(store, file.counts.byClass);
  for await (const entry of rowsOf(store, file)) {
    keys.add(entry.row.key);
    await sheet.add(entry);
  }
  return { file, problems, keys, sheet: sheet.sheet(), seconds: (now() - began) / 1_000 };
}

async function makeDataset(parts: FinishRunParts): Promise<DatasetFile | undefined> {
  const { work: store, pipeline, samplesPerShard, now } = parts;
  const spool = new FileSpool();
  try {
    const source = { bucket: pipeline.sourceBucket, prefix: pipeline.sourcePrefix };
    const sources = { list: () => Readable.from(parts.sources) };
    await finishDataset({ store, sources, spool }, { prefix: '', source, samplesPerShard, now });
  } catch (error) {
    if (error instanceof NoSamplesError) return undefined;
    throw error;
  } finally {
    spool.close();
  }
  return (await readDataset(store, ''))?.file;
}

/** Moves the files of a generation to the top of `out/`, where dataset.json names them so. */
async function layFlat(made: DatasetFile, parts: FinishRunParts): Promise<DatasetFile> {
  const { work, out } = parts;
  const flat = async <Listed extends { readonly key: string }>(listed: Listed) => {
    const key = basename(listed.key);
    await out.take(key, work.pathOf(listed.key));
    return { ...listed, key };
  };
  const shards = [];
  for (const shard of made.shards) shards.push(await flat(shard));
  const indexes = [];
  for (const index of made.indexes) indexes.push(await flat(index));
  const leftOut = made.leftOut && (await flat(made.leftOut));
  const file = { ...made, shards, indexes, ...(leftOut && { leftOut }), parts: [] };
  const text = datasetText(file);
  await out.write(DATASET_KEY, bytesOf(text), Buffer.byteLength(text));
  await rm(work.pathOf(''), { recursive: true, force: true });
  return file;
}

async function* bytesOf(text: string): AsyncGenerator<string> {
  yield text;
}

async function* rowsOf(store: FolderStore, file: DatasetFile): AsyncGenerator<IndexEntry> {
  for (const index of file.indexes) yield* indexRows(store, index.key, index);
}
