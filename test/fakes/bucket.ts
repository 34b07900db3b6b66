import { createHash } from 'node:crypto';

/** An object as S3 keeps it. */
export interface FakeObject {
  readonly body: Buffer;
  /** In bytes, also of a body that was not kept. */
  readonly bytes: number;
  /** With quotes, as HTTP has it. */
  readonly eTag: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  /** S3's own of the whole object, where a fake needs it. */
  readonly crc64nvme?: string;
}

export const etagOf = (body: string | Buffer) => createHash('md5').update(body).digest('hex');

/** Objects in memory by their keys. A test of several buckets begins each key with the bucket. */
export class FakeBucket {
  private readonly objects = new Map<string, FakeObject>();

  constructor(private readonly now: () => number = () => 0) {}

  /** @param more replaces what S3 would say of the object. */
  put(key: string, body: string | Buffer, more: Partial<FakeObject> = {}): void {
    const content = typeof body === 'string' ? Buffer.from(body) : body;
    this.objects.set(key, {
      body: content,
      bytes: content.length,
      eTag: more.eTag ?? `"${etagOf(content)}"`,
      modifiedAt: this.now(),
      contentType: 'application/octet-stream',
      metadata: {},
      ...more,
    });
  }

  get(key: string): FakeObject | undefined {
    return this.objects.get(key);
  }

  text(key: string): string | undefined {
    return this.get(key)?.body.toString();
  }

  /** The same object, of which S3 now says something else. */
  change(key: string, more: Partial<FakeObject>): void {
    const object = this.get(key);
    if (!object) throw new Error(`There is no object ${key}; there are ${this.keys().join(', ')}.`);
    this.objects.set(key, { ...object, ...more });
  }

  delete(key: string): void {
    this.objects.delete(key);
  }

  /** In the order of their bytes, as S3 lists them: Unicode's, not that of UTF-16. */
  keys(prefix = '', startAfter = ''): string[] {
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix) && inByteOrder(key, startAfter) > 0)
      .sort(inByteOrder);
  }

  values(): FakeObject[] {
    return this.keys().flatMap((key) => this.get(key) ?? []);
  }

  get size(): number {
    return this.objects.size;
  }
}

const inByteOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
