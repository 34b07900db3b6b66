import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Upload } from '@aws-sdk/lib-storage';
import type { AwsCalls, BucketName, ObjectName, S3Calls, SqsCalls } from './calls';
import { type ConnectedSettings, MAX_ATTEMPTS } from './settings';

/** All calls by the AWS SDK. */
export function sdkCallsOf(settings: ConnectedSettings): AwsCalls {
  return { s3: sdkS3Calls(settings), sqs: sdkSqsCalls(settings) };
}

export function sdkS3Calls(settings: ConnectedSettings): S3Calls {
  const { s3Endpoint } = settings;
  const client = new S3Client({
    ...common(settings, s3Endpoint),
    forcePathStyle: s3Endpoint !== undefined,
    followRegionRedirects: true,
  });
  return {
    async getObject(name, abortSignal) {
      const output = await client.send(new GetObjectCommand(objectOf(name)), { abortSignal });
      const { ETag: eTag, ContentLength: bytes, ContentType: contentType, LastModified } = output;
      const headers = { eTag, bytes, contentType, lastModified: LastModified };
      return { ...headers, body: output.Body as Readable };
    },
    async headObject(name, abortSignal) {
      const output = await client.send(new HeadObjectCommand(objectOf(name)), { abortSignal });
      return { eTag: output.ETag, bytes: output.ContentLength };
    },
    async putObject({ body, metadata, ...given }, abortSignal) {
      const object = {
        ...objectOf(given),
        ContentType: given.contentType,
        CacheControl: given.cacheControl,
        ContentDisposition: given.contentDisposition,
        Metadata: { ...metadata },
      };
      if (!Buffer.isBuffer(body)) return putFile(client, body.file, object, abortSignal);
      await client.send(new PutObjectCommand({ ...object, Body: body }), { abortSignal });
    },
    async headBucket(name, abortSignal) {
      await client.send(new HeadBucketCommand(bucketOf(name)), { abortSignal });
    },
  };
}

/** S3 takes 10,000 parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;
const PART_BYTES = 8 * 1024 * 1024;
/** Of one file; they are in memory, and a job writes several files at a time. */
const PARTS_AT_A_TIME = 2;

/** Writes a file, in parts when it is larger than one; what is left of a failed one is removed. */
async function putFile(
  client: S3Client,
  file: string,
  object: Omit<PutObjectCommandInput, 'Body'>,
  signal: AbortSignal,
): Promise<void> {
  const { size } = await stat(file);
  const body = createReadStream(file);
  const upload = new Upload({
    client,
    params: { ...object, Body: body },
    queueSize: PARTS_AT_A_TIME,
    partSize: Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS)),
  });
  const abort = () => void upload.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await upload.done();
  } finally {
    signal.removeEventListener('abort', abort);
    body.destroy();
  }
}

function sdkSqsCalls(settings: ConnectedSettings): SqsCalls {
  const client = new SQSClient(common(settings, settings.sqsEndpoint));
  return {
    receiveMessage: (input, abortSignal) =>
      client.send(new ReceiveMessageCommand(input), { abortSignal }),
    deleteMessageBatch: (input) => client.send(new DeleteMessageBatchCommand(input)),
    changeMessageVisibilityBatch: (input) =>
      client.send(new ChangeMessageVisibilityBatchCommand(input)),
    sendMessageBatch: (input) => client.send(new SendMessageBatchCommand(input)),
    sendMessage: (input) => client.send(new SendMessageCommand(input)),
  };
}

function common({ region, requestHandler }: ConnectedSettings, endpoint: string | undefined) {
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler,
  };
}

function bucketOf({ bucket, expectedBucketOwner }: BucketName) {
  return { Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner };
}

function objectOf({ key, ...bucket }: ObjectName) {
  return { ...bucketOf(bucket), Key: key };
}
