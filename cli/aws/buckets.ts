import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { LARGE_FILE_BYTES, type SourceBody } from '../../folder/read-source';
import {
  type BucketPlace,
  type Buckets,
  type ListedObject,
  type ObjectPrint,
  PARTS_AT_A_TIME,
  type PutOptions,
} from '../ports/buckets';

/** With it a later look can compare object and file, whatever key encrypts the object. */
const ChecksumAlgorithm = 'SHA256';

/** Time for 8 MiB over a slow line; other requests have the client's own limit. */
const requestTimeout = 300_000;

export function createBuckets(client: S3Client): Buckets {
  return {
    list: (place, prefix, startAfter) => list(client, place, prefix, startAfter),
    look: (place, Key, signal) => look(client, { ...input(place), Key }, signal),
    read: (place, Key) => read(client, { ...input(place), Key }),
    put: (place, Key, source, options) => put(client, { ...input(place), Key }, source, options),
  };
}

type ObjectPlace = ReturnType<typeof input> & { readonly Key: string };

const input = ({ bucket, owner }: BucketPlace) => ({
  Bucket: bucket,
  ...(owner && { ExpectedBucketOwner: owner }),
});

const SECOND = 1_000;

/** The header `Last-Modified` has whole seconds, a listing may have more: both must compare. */
function wholeSeconds(modifiedAt: Date | undefined): number {
  return Math.floor((modifiedAt?.getTime() ?? 0) / SECOND) * SECOND;
}

async function look(
  client: S3Client,
  place: ObjectPlace,
  abortSignal?: AbortSignal,
): Promise<ObjectPrint | undefined> {
  try {
    const {
      ContentLength = 0,
      LastModified,
      ETag,
      ChecksumSHA256,
      Metadata,
      VersionId,
    } = await client.send(
      new HeadObjectCommand({ ...place, ChecksumMode: 'ENABLED' }),
      abortSignal && { abortSignal },
    );
    return {
      bytes: ContentLength,
      modifiedAt: wholeSeconds(LastModified),
      etag: withoutQuotes(ETag),
      ...(ChecksumSHA256 && { sha256: ChecksumSHA256 }),
      ...(VersionId && { versionId: VersionId }),
      ...(Metadata && { metadata: Metadata }),
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFound') return undefined;
    throw error;
  }
}

async function read(client: S3Client, place: ObjectPlace): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand(place));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

async function* list(
  client: S3Client,
  place: BucketPlace,
  Prefix: string,
  StartAfter?: string,
): AsyncGenerator<ListedObject> {
  const pages = paginateListObjectsV2(
    { client },
    {
      ...input(place),
      Prefix,
      // XML has no way to say some characters that a key may hold.
      EncodingType: 'url',
      ...(StartAfter !== undefined && { StartAfter }),
    },
  );
  for await (const { EncodingType, Contents = [] } of pages) {
    const decoded = EncodingType === 'url' ? formDecoded : (key: string) => key;
    for (const { Key = '', Size = 0, LastModified, ETag } of Contents)
      yield {
        key: decoded(Key),
        bytes: Size,
        modifiedAt: wholeSeconds(LastModified),
        etag: withoutQuotes(ETag),
      };
  }
}

async function put(
  client: S3Client,
  object: ObjectPlace,
  { body, bytes }: SourceBody,
  { signal, onSent }: PutOptions,
): Promise<void> {
  signal.throwIfAborted();
  const params = { ...object, Body: body, ChecksumAlgorithm } as const;
  if (bytes <= LARGE_FILE_BYTES) {
    await client.send(new PutObjectCommand({ ...params, ContentLength: bytes }), {
      abortSignal: signal,
      requestTimeout,
    });
    return;
  }
  const parts = { partSize: LARGE_FILE_BYTES, queueSize: PARTS_AT_A_TIME };
  const upload = new Upload({ client: partsUnder(client, signal), params, ...parts });
  upload.on('httpUploadProgress', ({ loaded = 0 }) => onSent(loaded));
  await upload.done();
}

/**
 * A client that aborts parts by a signal. `Upload` itself lets them continue when it is aborted; of
 * a part that fails it waits for the others and then takes all of them away, by requests that go
 * through.
 */
function partsUnder(client: S3Client, abortSignal: AbortSignal): S3Client {
  const send = (command: Parameters<S3Client['send']>[0]) =>
    client.send(
      command,
      command instanceof UploadPartCommand ? { abortSignal, requestTimeout } : {},
    );
  return Object.assign(Object.create(client), { send });
}

const formDecoded = (key: string) => decodeURIComponent(key.replaceAll('+', ' '));
const withoutQuotes = (etag = '') => etag.replaceAll('"', '');
