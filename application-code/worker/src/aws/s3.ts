import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { TransientFault } from '../faults';
import type { OpenedSource, Rendition, Renditions, SourceObjects, SourceVersion } from '../job/ports';
import { allocateSource } from '../job/source-buffer';
import { faultOf, isDenied, isGone } from './classify';

export interface BucketSettings {
  readonly bucket: string;
  /** Account that must own the bucket; a bucket of that name in another account is refused. */
  readonly expectedBucketOwner?: string | undefined;
}

/** Source objects in a bucket. */
export class S3SourceObjects implements SourceObjects {
  constructor(
    private readonly client: S3Client,
    private readonly settings: BucketSettings,
  ) {}

  async open(key: string, signal: AbortSignal): Promise<OpenedSource | undefined> {
    const output = await this.#unlessGone(key, signal, () =>
      this.client.send(new GetObjectCommand(this.#input(key)), { abortSignal: signal }),
    );
    if (output === undefined) return undefined;
    const version = versionOf(key, output);
    return new OpenedObject(key, version, output.Body as Readable, signal);
  }

  async look(key: string, signal: AbortSignal): Promise<SourceVersion | undefined> {
    const output = await this.#unlessGone(key, signal, () =>
      this.client.send(new HeadObjectCommand(this.#input(key)), { abortSignal: signal }),
    );
    return output && versionOf(key, output);
  }

  probe(signal: AbortSignal): Promise<void> {
    return probeBucket(this.client, this.settings, signal);
  }

  async #unlessGone<Output>(
    key: string,
    signal: AbortSignal,
    call: () => Promise<Output>,
  ): Promise<Output | undefined> {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (isGone(error)) return undefined;
      throw faultOf('source', key, error);
    }
  }

  #input(key: string) {
    return { Bucket: this.settings.bucket, Key: key, ExpectedBucketOwner: this.settings.expectedBucketOwner };
  }
}

/** Renditions in a bucket. */
export class S3Renditions implements Renditions {
  constructor(
    private readonly client: S3Client,
    private readonly settings: BucketSettings,
  ) {}

  async write(
    { key, body, contentType, sourceETag, metadata }: Rendition,
    signal: AbortSignal,
  ): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.settings.bucket,
      Key: key,
      ExpectedBucketOwner: this.settings.expectedBucketOwner,
      Body: body,
      ContentType: contentType,
      Metadata: { ...metadata, 'source-etag': sourceETag },
    });
    try {
      await this.client.send(command, { abortSignal: signal });
    } catch (error) {
      signal.throwIfAborted();
      throw faultOf('destination', key, error);
    }
  }

  probe(signal: AbortSignal): Promise<void> {
    return probeBucket(this.client, this.settings, signal);
  }
}

/** A refusal is an answer, too: who may list a bucket says nothing about who may read or write its objects. */
async function probeBucket(
  client: S3Client,
  { bucket, expectedBucketOwner }: BucketSettings,
  signal: AbortSignal,
): Promise<void> {
  try {
    const command = new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner });
    await client.send(command, { abortSignal: signal });
  } catch (error) {
    if (!isDenied(error)) throw error;
  }
}

class OpenedObject implements OpenedSource {
  readonly eTag: string;
  readonly bytes: number;

  constructor(
    private readonly key: string,
    version: SourceVersion,
    private readonly stream: Readable,
    private readonly signal: AbortSignal,
  ) {
    this.eTag = version.eTag;
    this.bytes = version.bytes;
    // A connection that breaks before anybody reads must not end the process.
    stream.on('error', () => undefined);
  }

  async read(): Promise<Buffer> {
    const body = allocateSource(this.bytes);
    let filled = 0;
    try {
      for await (const chunk of this.stream as AsyncIterable<Buffer>) {
        if (filled + chunk.length <= body.length) chunk.copy(body, filled);
        filled += chunk.length;
      }
    } catch (error) {
      this.signal.throwIfAborted();
      throw faultOf('source', this.key, error);
    }
    if (filled === body.length) return body;
    throw new TransientFault(
      'SourceUnavailable',
      `Expected ${body.length} bytes of ${this.key} but received ${filled}.`,
    );
  }

  discard(): void {
    this.stream.destroy();
  }
}

function versionOf(
  key: string,
  output: { ETag?: string | undefined; ContentLength?: number | undefined },
): SourceVersion {
  const { ETag: eTag, ContentLength: bytes } = output;
  if (eTag !== undefined && bytes !== undefined) return { eTag, bytes };
  throw new TransientFault('SourceUnavailable', `Expected ETag and Content-Length in the answer for ${key}.`);
}
