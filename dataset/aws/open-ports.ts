import { S3Client } from '@aws-sdk/client-s3';
import type { DatasetBuckets, ListedSource, OpenPorts, Progress } from '../ports';
import { FileSpool } from '../rows/spool';
import { S3DatasetStore } from './s3-store';

export function openPorts(
  client: S3Client,
  buckets: DatasetBuckets,
  progress: Progress,
): OpenPorts {
  const spool = new FileSpool();
  const store = new S3DatasetStore(client, buckets.destination);
  const sources = { list: () => sourcesOf(client, buckets) };
  return { ports: { store, sources, spool, progress }, close: () => spool.close() };
}

/** A client of a task: it finds region, credentials and endpoint itself. */
export function createClient(hasEndpoint: boolean): S3Client {
  return new S3Client({ maxAttempts: 8, forcePathStyle: hasEndpoint });
}

/** The objects of the source bucket that are jobs of the pipeline. */
async function* sourcesOf(
  client: S3Client,
  { source, destination, suffixes }: DatasetBuckets,
): AsyncGenerator<ListedSource> {
  const outputs = source.bucket === destination.bucket ? destination.prefix : '';
  for await (const one of new S3DatasetStore(client, source).listed(source.prefix)) {
    const isMarker = one.key.endsWith('/') && one.bytes === 0;
    const isOutput = outputs !== '' && one.key.startsWith(outputs);
    const isAnnounced = suffixes.length === 0 || suffixes.some((end) => one.key.endsWith(end));
    if (!isMarker && !isOutput && isAnnounced) yield { key: one.key, eTag: one.eTag };
  }
}
