import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { LARGE_FILE_BYTES, type SourceBody } from '../../folder/read-source';
import { clientSettings } from '../aws/clients';
import type { Pipeline } from '../ports';
import type { DestinationBucket } from './collect';
import type { SourceBucket } from './upload';

/** Both buckets of a pipeline, with the operations of a run. */
export interface PipelineBuckets extends SourceBucket, DestinationBucket {
  removeSource(key: string): Promise<void>;
  /** Keys below a prefix of the destination bucket, in their order. */
  list(prefix: string): Promise<readonly string[]>;
  close(): void;
}

/** The buckets on the emulator. A file above 8 MiB is uploaded in parts. */
export function openBuckets(pipeline: Pipeline): PipelineBuckets {
  const client = new S3Client({ ...clientSettings(pipeline.endpoint), forcePathStyle: true });
  const source = { Bucket: pipeline.sourceBucket };
  const destination = { Bucket: pipeline.destinationBucket };
  return {
    put: (key, body, signal) => put(client, { ...source, Key: key }, body, signal),
    async removeSource(key) {
      await client.send(new DeleteObjectCommand({ ...source, Key: key }));
    },
    async get(key) {
      const { Body, ContentLength } = await client.send(
        new GetObjectCommand({ ...destination, Key: key }),
      );
      return { body: Body as Readable, bytes: ContentLength ?? 0 };
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ ...destination, Key: key }));
    },
    async metadataOf(key) {
      try {
        const { Metadata = {} } = await client.send(
          new HeadObjectCommand({ ...destination, Key: key }),
        );
        return Metadata;
      } catch (error) {
        if (error instanceof Error && error.name === 'NotFound') return undefined;
        throw error;
      }
    },
    async list(prefix) {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2(
        { client },
        { ...destination, Prefix: prefix },
      ))
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      return keys;
    },
    close: () => client.destroy(),
  };
}

async function put(
  client: S3Client,
  object: { Bucket: string; Key: string },
  { body, bytes }: SourceBody,
  signal: AbortSignal,
): Promise<void> {
  if (bytes <= LARGE_FILE_BYTES) {
    await client.send(new PutObjectCommand({ ...object, Body: body, ContentLength: bytes }), {
      abortSignal: signal,
    });
    return;
  }
  const abortController = new AbortController();
  const abort = () => abortController.abort();
  signal.addEventListener('abort', abort);
  try {
    const params = { ...object, Body: body };
    await new Upload({
      client,
      params,
      partSize: LARGE_FILE_BYTES,
      queueSize: 2,
      abortController,
    }).done();
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
