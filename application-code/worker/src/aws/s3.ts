import { readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { TransientFault } from '../faults';
import { SMALL_FILE_BYTES } from '../job/opened-source';
import type {
  OpenedSource,
  OutputObject,
  OutputObjects,
  SourceObjects,
  SourceVersion,
} from '../job/ports';
import type { Allocate } from '../workload/workload';
import type { BucketName, ObjectHeaders, OpenedBody, S3Calls } from './calls';
import { faultOf, isDenied, isGone } from './classify';
import { verifierOf } from './lean/checksum';
import { readBody } from './read-body';

/** Source objects in a bucket. */
export class S3SourceObjects implements SourceObjects {
  constructor(
    private readonly calls: S3Calls,
    private readonly bucket: BucketName,
  ) {}

  async open(key: string, signal: AbortSignal): Promise<OpenedSource | undefined> {
    const opened = await this.unlessGone(key, signal, () =>
      this.calls.getObject({ ...this.bucket, key }, signal),
    );
    return opened && new OpenedObject(key, opened, signal);
  }

  async look(key: string, signal: AbortSignal): Promise<SourceVersion | undefined> {
    const headers = await this.unlessGone(key, signal, () =>
      this.calls.headObject({ ...this.bucket, key }, signal),
    );
    return headers && versionOf(key, headers);
  }

  probe(signal: AbortSignal): Promise<void> {
    return probeBucket(this.calls, this.bucket, signal);
  }

  private async unlessGone<Output>(
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
}

/** Outputs in a bucket. */
export class S3OutputObjects implements OutputObjects {
  constructor(
    private readonly calls: S3Calls,
    private readonly bucket: BucketName,
  ) {}

  async write(
    { key, sourceETag, metadata, ...content }: OutputObject,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const object = { ...this.bucket, key, ...content, body: await inMemory(content.body) };
      const written = { ...metadata, ...(sourceETag && { 'source-etag': sourceETag }) };
      await this.calls.putObject({ ...object, metadata: written }, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw faultOf('destination', key, error);
    }
  }

  probe(signal: AbortSignal): Promise<void> {
    return probeBucket(this.calls, this.bucket, signal);
  }
}

/** A small file needs no stream, and so not the SDK. */
async function inMemory(body: OutputObject['body']): Promise<OutputObject['body']> {
  if (Buffer.isBuffer(body) || (await stat(body.file)).size > SMALL_FILE_BYTES) return body;
  return readFile(body.file);
}

/**
 * A refusal is an answer, too: who may list a bucket says nothing about who may read or write its
 * objects.
 */
async function probeBucket(calls: S3Calls, bucket: BucketName, signal: AbortSignal): Promise<void> {
  try {
    await calls.headBucket(bucket, signal);
  } catch (error) {
    if (!isDenied(error)) throw error;
  }
}

class OpenedObject implements OpenedSource {
  readonly eTag: string;
  readonly bytes: number;
  readonly contentType: string | undefined;
  readonly lastModified: Date | undefined;

  constructor(
    private readonly key: string,
    private readonly opened: OpenedBody,
    private readonly signal: AbortSignal,
  ) {
    // A connection that breaks before the body is read must not end the process.
    opened.body.on('error', () => undefined);
    if (!isVersion(opened)) this.discard();
    const { eTag, bytes } = versionOf(key, opened);
    this.eTag = eTag;
    this.bytes = bytes;
    this.contentType = opened.contentType;
    this.lastModified = opened.lastModified;
  }

  async read(allocate: Allocate = Buffer.allocUnsafeSlow): Promise<Buffer> {
    const source = allocate(this.bytes);
    let filled = 0;
    const check = await this.bodyCheck();
    try {
      await readBody(this.opened.body, (piece) => {
        if (filled + piece.length <= source.length) piece.copy(source, filled);
        filled += piece.length;
        check.update(piece);
      });
    } catch (error) {
      throw this.faultOf(error);
    }
    check.end();
    return source;
  }

  async stream(): Promise<Readable> {
    return Readable.from(this.pieces(await this.bodyCheck()), { objectMode: false });
  }

  discard(): void {
    this.opened.body.destroy();
  }

  private async *pieces(check: BodyCheck): AsyncGenerator<Buffer> {
    try {
      for await (const piece of this.opened.body) {
        check.update(piece);
        yield piece;
      }
    } catch (error) {
      throw this.faultOf(error);
    }
    // A body that was destroyed meanwhile ends without an error.
    this.signal.throwIfAborted();
    check.end();
  }

  /** Follows the body; its end throws when the body is not what its headers announced. */
  private async bodyCheck(): Promise<BodyCheck> {
    const { key, bytes } = this;
    const { checksum } = this.opened;
    const verifier = checksum && (await verifierOf(checksum));
    let received = 0;
    return {
      update: (piece) => {
        received += piece.length;
        verifier?.update(piece);
      },
      end: () => {
        if (received !== bytes)
          throw unavailable(`Expected ${bytes} bytes of ${key} but received ${received}.`);
        if (verifier && !verifier.isRight())
          throw unavailable(`The body of ${key} is not what its ${checksum?.algorithm} says.`);
      },
    };
  }

  private faultOf(error: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : faultOf('source', this.key, error);
  }
}

interface BodyCheck {
  update(piece: Buffer): void;
  end(): void;
}

function isVersion(headers: ObjectHeaders): headers is SourceVersion {
  return headers.eTag !== undefined && headers.bytes !== undefined;
}

function versionOf(key: string, headers: ObjectHeaders): SourceVersion {
  if (isVersion(headers)) return { eTag: headers.eTag, bytes: headers.bytes };
  throw unavailable(`Expected ETag and Content-Length in the answer for ${key}.`);
}

const unavailable = (message: string) => new TransientFault('SourceUnavailable', message);
