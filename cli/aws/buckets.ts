import type { Readable } from 'node:stream';
import {
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { LARGE_FILE_BYTES } from '../../local/files/large-file';
import type { BucketPlace, Buckets, ListedObject } from '../ports';

/** Parts of one file that are on their way together. */
const PARTS_AT_A_TIME = 4;
/** So that a later look can tell whether the object is the file, whatever encrypts it. */
const ChecksumAlgorithm = 'SHA256';

export function createBuckets(client: S3Client): Buckets {
  return {
    list: (place, prefix, startAfter) => list(client, place, prefix, startAfter),
    async look(place, Key) {
      try {
        const {
          ContentLength = 0,
          LastModified,
          ETag,
          ChecksumSHA256,
        } = await client.send(new HeadObjectCommand({ ...input(place), Key, ChecksumMode: 'ENABLED' }));
        return {
          bytes: ContentLength,
          modifiedAt: LastModified?.getTime() ?? 0,
          etag: withoutQuotes(ETag),
          ...(ChecksumSHA256 && { sha256: ChecksumSHA256 }),
        };
      } catch (error) {
        if (error instanceof Error && error.name === 'NotFound') return undefined;
        throw error;
      }
    },
    put: (place, key, body, bytes, signal) => put(client, { ...input(place), Key: key }, body, bytes, signal),
  };
}

const input = ({ bucket, owner }: BucketPlace) => ({
  Bucket: bucket,
  ...(owner && { ExpectedBucketOwner: owner }),
});

async function* list(
  client: S3Client,
  place: BucketPlace,
  Prefix: string,
  startAfter?: string,
): AsyncGenerator<ListedObject> {
  let ContinuationToken: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await client.send(
      new ListObjectsV2Command({
        ...input(place),
        Prefix,
        // XML has no way to say some characters that a key may hold.
        EncodingType: 'url',
        ...(startAfter !== undefined && { StartAfter: startAfter }),
        ...(ContinuationToken && { ContinuationToken }),
      }),
    );
    const decoded = page.EncodingType === 'url' ? formDecoded : (key: string) => key;
    for (const { Key = '', Size = 0, LastModified, ETag } of page.Contents ?? [])
      yield {
        key: decoded(Key),
        bytes: Size,
        modifiedAt: LastModified?.getTime() ?? 0,
        etag: withoutQuotes(ETag),
      };
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
}

async function put(
  client: S3Client,
  object: { readonly Bucket: string; readonly Key: string },
  body: Buffer | Readable,
  bytes: number,
  signal: AbortSignal,
): Promise<void> {
  if (bytes <= LARGE_FILE_BYTES) {
    const command = new PutObjectCommand({ ...object, Body: body, ContentLength: bytes, ChecksumAlgorithm });
    await client.send(command, { abortSignal: signal });
    return;
  }
  const abortController = new AbortController();
  const abort = () => abortController.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    const params = { ...object, Body: body, ChecksumAlgorithm } as const;
    const parts = { partSize: LARGE_FILE_BYTES, queueSize: PARTS_AT_A_TIME };
    await new Upload({ client, params, ...parts, abortController }).done();
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const formDecoded = (key: string) => decodeURIComponent(key.replaceAll('+', ' '));
const withoutQuotes = (etag = '') => etag.replaceAll('"', '');
