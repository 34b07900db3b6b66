import type { Readable } from 'node:stream';
import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
  DeleteMessageBatchRequest,
  DeleteMessageBatchResult,
  ReceiveMessageRequest,
  ReceiveMessageResult,
  SendMessageBatchRequest,
  SendMessageBatchResult,
  SendMessageRequest,
  SendMessageResult,
} from '@aws-sdk/client-sqs';
import type { Checksum } from './lean/checksum';

/**
 * The calls of the worker, at the size that its adapters need; `lean/` and `sdk-calls.ts` make
 * them.
 */
export interface AwsCalls {
  readonly s3: S3Calls;
  readonly sqs: SqsCalls;
}

export interface BucketName {
  readonly bucket: string;
  /** Account that must own the bucket; a bucket of that name in another account is refused. */
  readonly expectedBucketOwner?: string | undefined;
}

export interface ObjectName extends BucketName {
  readonly key: string;
}

export interface ObjectHeaders {
  readonly eTag: string | undefined;
  /** Size in bytes. */
  readonly bytes: number | undefined;
  readonly lastModified?: Date | undefined;
}

export interface OpenedBody extends ObjectHeaders {
  readonly contentType?: string | undefined;
  readonly body: Readable;
  /** What the whole body must agree with; none where the stream itself fails when it does not. */
  readonly checksum?: Checksum | undefined;
}

export interface NewObject extends ObjectName {
  /** In memory, or the path of a file of any size. */
  readonly body: Buffer | { readonly file: string };
  readonly contentType: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  /** User-defined metadata: names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Every method rejects with what S3 or the network says, once retries are used up. */
export interface S3Calls {
  getObject(name: ObjectName, signal: AbortSignal): Promise<OpenedBody>;
  headObject(name: ObjectName, signal: AbortSignal): Promise<ObjectHeaders>;
  putObject(object: NewObject, signal: AbortSignal): Promise<void>;
  headBucket(name: BucketName, signal: AbortSignal): Promise<void>;
}

/** Every method rejects with what SQS or the network says, once retries are used up. */
export interface SqsCalls {
  receiveMessage(input: ReceiveMessageRequest, signal: AbortSignal): Promise<ReceiveMessageResult>;
  deleteMessageBatch(input: DeleteMessageBatchRequest): Promise<DeleteMessageBatchResult>;
  changeMessageVisibilityBatch(
    input: ChangeMessageVisibilityBatchRequest,
  ): Promise<ChangeMessageVisibilityBatchResult>;
  sendMessageBatch(input: SendMessageBatchRequest): Promise<SendMessageBatchResult>;
  sendMessage(input: SendMessageRequest): Promise<SendMessageResult>;
}
