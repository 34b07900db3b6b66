import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
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
      return { eTag: output.ETag, bytes: output.ContentLength, body: output.Body as Readable };
    },
    async headObject(name, abortSignal) {
      const output = await client.send(new HeadObjectCommand(objectOf(name)), { abortSignal });
      return { eTag: output.ETag, bytes: output.ContentLength };
    },
    async putObject({ body, contentType, metadata, ...name }, abortSignal) {
      const content = { Body: body, ContentType: contentType, Metadata: { ...metadata } };
      await client.send(new PutObjectCommand({ ...objectOf(name), ...content }), { abortSignal });
    },
    async headBucket(name, abortSignal) {
      await client.send(new HeadBucketCommand(bucketOf(name)), { abortSignal });
    },
  };
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
