import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Bucket, Objects } from '../ports';

export function createObjects(client: S3Client): Objects {
  return {
    async put(bucket, Key, Body, ContentType) {
      await client.send(new PutObjectCommand({ ...place(bucket), Key, Body, ContentType }));
    },
    async get(bucket, Key) {
      try {
        const answer = await client.send(new GetObjectCommand({ ...place(bucket), Key }));
        const { ContentType, CacheControl, ContentDisposition, Metadata: metadata = {} } = answer;
        const body = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
        return {
          body,
          metadata,
          ...(ContentType && { contentType: ContentType }),
          ...(CacheControl && { cacheControl: CacheControl }),
          ...(ContentDisposition && { contentDisposition: ContentDisposition }),
        };
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async keys(bucket, Prefix) {
      const keys: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ ...place(bucket), Prefix, ContinuationToken }),
        );
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
      return keys;
    },
    async remove(bucket, Key) {
      await client.send(new DeleteObjectCommand({ ...place(bucket), Key }));
    },
  };
}

/** A bucket of that name in another account is refused. */
function place({ name, accountId }: Bucket) {
  return { Bucket: name, ExpectedBucketOwner: accountId };
}
