import { Readable } from 'node:stream';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { DatasetError, MissingObjectError } from '../faults';
import type { DatasetBucket, DatasetStore, ListedSource, StoredObject } from '../ports';

const MIB = 1024 * 1024;
/**
 * Pieces of an upload: S3 takes 10,000 of one object, and so 160 GB.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
const PIECE = { partSize: 16 * MIB, queueSize: 4 };
/** Keys that DeleteObjects takes. */
const KEYS_OF_CALL = 1000;

/**
 * The destination bucket. New objects are written with `If-None-Match: *`, which PutObject and
 * CompleteMultipartUpload honour:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export class S3DatasetStore implements DatasetStore {
  private readonly place: { readonly Bucket: string; readonly ExpectedBucketOwner?: string };

  constructor(
    private readonly client: S3Client,
    { bucket, owner }: DatasetBucket,
  ) {
    this.place = { Bucket: bucket, ...(owner !== undefined && { ExpectedBucketOwner: owner }) };
  }

  async *list(Prefix: string): AsyncGenerator<StoredObject> {
    for await (const { key, bytes, modifiedAt } of this.listed(Prefix))
      yield { key, bytes, modifiedAt };
  }

  /** The same with ETags, in quotes. */
  async *listed(Prefix: string): AsyncGenerator<StoredObject & ListedSource> {
    // XML has no way to say some characters that a key may hold.
    const query = { ...this.place, Prefix, EncodingType: 'url' } as const;
    for await (const page of paginateListObjectsV2({ client: this.client }, query))
      for (const { Key = '', Size = 0, LastModified, ETag = '' } of page.Contents ?? [])
        yield {
          key: page.EncodingType === 'url' ? formDecoded(Key) : Key,
          bytes: Size,
          modifiedAt: LastModified?.getTime() ?? 0,
          eTag: ETag,
        };
  }

  async text(key: string): Promise<{ readonly text: string; readonly eTag: string } | undefined> {
    try {
      const { Body, ETag = '' } = await this.get(key);
      return { text: (await Body?.transformToString()) ?? '', eTag: ETag };
    } catch (error) {
      if (error instanceof MissingObjectError) return undefined;
      throw error;
    }
  }

  async range(key: string, offset: number, length: number): Promise<Uint8Array> {
    const { Body } = await this.get(key, `bytes=${offset}-${offset + length - 1}`);
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    if (bytes.length === length) return bytes;
    throw new DatasetError(
      `${key} ends before byte ${offset + length}: it is shorter than its index says. Restore it ` +
        'from a version of the bucket or a backup.',
    );
  }

  async *stream(key: string): AsyncGenerator<Uint8Array> {
    const { Body } = await this.get(key);
    if (Body) yield* Body as unknown as AsyncIterable<Uint8Array>;
  }

  async create(key: string, body: AsyncIterable<Uint8Array>): Promise<boolean> {
    const params = { ...this.place, Key: key, Body: Readable.from(body), IfNoneMatch: '*' };
    return isWritten(new Upload({ client: this.client, params, ...PIECE }).done());
  }

  async replace(key: string, text: string, eTag: string): Promise<boolean> {
    const params = { ...this.place, Key: key, Body: text, ContentType: 'application/json' };
    return isWritten(this.client.send(new PutObjectCommand({ ...params, IfMatch: eTag })));
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += KEYS_OF_CALL) {
      const Objects = keys.slice(at, at + KEYS_OF_CALL).map((Key) => ({ Key }));
      const { Errors = [] } = await this.client.send(
        new DeleteObjectsCommand({ ...this.place, Delete: { Objects, Quiet: true } }),
      );
      const [first] = Errors;
      if (first)
        throw new DatasetError(
          `${Errors.length} objects could not be deleted, among them ${first.Key}: ` +
            `${first.Code}, ${first.Message}. Run it again.`,
        );
    }
  }

  private async get(Key: string, Range?: string) {
    try {
      return await this.client.send(
        new GetObjectCommand({ ...this.place, Key, ...(Range !== undefined && { Range }) }),
      );
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') throw new MissingObjectError(Key);
      throw error;
    }
  }
}

/** @returns false when the condition of a write does not hold. */
async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    const { name } = error as Error;
    // An `If-Match` for an object that is gone answers NoSuchKey.
    if (name === 'PreconditionFailed' || name === 'NoSuchKey') return false;
    if (name !== 'ConditionalRequestConflict') throw error;
    throw new DatasetError(
      'another run writes the same object at this moment, so that S3 took none of the two: run ' +
        'it again, and it continues from here.',
      { cause: error },
    );
  }
}

const formDecoded = (key: string) => decodeURIComponent(key.replaceAll('+', ' '));
