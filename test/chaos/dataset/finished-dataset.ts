import { outputKey } from '../../../application-code/worker/src/job/keys';
import type { SampleRow } from '../../../application-code/worker/src/parts/part-index';
import { openPorts } from '../../../dataset/aws/open-ports';
import { NoSamplesError } from '../../../dataset/faults';
import { finishDataset } from '../../../dataset/finish';
import type { IndexEntry } from '../../../dataset/parquet/index-columns';
import { indexRows } from '../../../dataset/parquet/index-rows';
import { verifyDataset } from '../../../dataset/verify';
import type { Pipeline } from '../../../local/ports';
import type { AwsClients } from '../../emulator/clients';
import { fileIn } from '../../fakes/worker/fake-parts';

/** What a pipeline's parts have become. */
export interface FinishedDataset {
  /** The files of each sample, by the keys that they would have as objects. */
  readonly outputs: ReadonlyMap<string, Buffer>;
  /** What is wrong with the shards, and keys that are there more than once. */
  readonly problems: readonly string[];
}

/** Few, so that there are several shards. */
const SAMPLES_PER_SHARD = 4;

/** Finishes the dataset of a pipeline that is at rest, verifies it and reads all of it. */
export async function finishedDataset(
  { s3 }: Pick<AwsClients, 's3'>,
  pipeline: Pipeline,
): Promise<FinishedDataset> {
  const { sourceBucket, sourcePrefix, destinationBucket, destinationPrefix: prefix } = pipeline;
  const source = { bucket: sourceBucket, prefix: sourcePrefix };
  const buckets = { source, destination: { bucket: destinationBucket, prefix }, suffixes: [] };
  const { ports, close } = openPorts(s3, buckets, () => undefined);
  try {
    const samplesPerShard = SAMPLES_PER_SHARD;
    const { dataset } = await finishDataset(ports, {
      ...{ prefix, source, samplesPerShard, now: Date.now },
    });
    const { problems } = await verifyDataset(ports, { prefix });
    const entries: IndexEntry[] = [];
    for (const index of dataset.indexes)
      for await (const entry of indexRows(ports.store, `${prefix}${index.key}`, index))
        entries.push(entry);
    const keyOf = (shard: string) =>
      `${prefix}${dataset.shards.find(({ key }) => key.endsWith(`/${shard}`))?.key}`;
    const outputs = await Promise.all(
      entries.map(async ({ row, shard }) => {
        const tar = await ports.store.range(keyOf(shard), row.offset, row.length);
        return outputsOf(row, Buffer.from(tar), pipeline);
      }),
    );
    return { outputs: new Map(outputs.flat()), problems: [...problems, ...twice(entries)] };
  } catch (error) {
    if (error instanceof NoSamplesError) return { outputs: new Map(), problems: [] };
    throw error;
  } finally {
    close();
  }
}

function twice(entries: readonly IndexEntry[]): readonly string[] {
  const keys = entries.map(({ row }) => row.key);
  return keys
    .filter((key, at) => keys.indexOf(key) !== at)
    .map((key) => `${key} is there more than once`);
}

/** @param tar the records of the sample. */
function outputsOf(
  row: SampleRow,
  tar: Buffer,
  pipeline: Pipeline,
): readonly (readonly [string, Buffer])[] {
  return pipeline.outputs.flatMap((plan) =>
    row.files
      .filter(({ extension }) => extension.startsWith(plan.name))
      .map(({ extension }) => {
        const body = fileIn({ tar }, { ...row, offset: 0 }, extension);
        return [outputKey(row.key, plan, pipeline), body] as const;
      }),
  );
}
