import { MissingObjectError } from '../../../dataset/faults';
import type { DatasetStore, StoredObject } from '../../../dataset/ports';
import type { FakeBucket } from '../bucket';

/** A bucket as a dataset sees it. It answers like S3: conditions hold when a write ends. */
export class FakeStore implements DatasetStore {
  constructor(readonly bucket: FakeBucket) {}

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    for (const key of this.bucket.keys(prefix)) {
      const object = this.bucket.get(key);
      if (object) yield { key, bytes: object.bytes, modifiedAt: object.modifiedAt };
    }
  }

  async text(key: string) {
    const object = this.bucket.get(key);
    return object && { text: object.body.toString(), eTag: object.eTag };
  }

  async range(key: string, offset: number, length: number): Promise<Uint8Array> {
    const bytes = this.bodyOf(key).subarray(offset, offset + length);
    if (bytes.length === length) return bytes;
    throw new Error(`${key} has no ${length} bytes from ${offset} on.`);
  }

  async *stream(key: string): AsyncGenerator<Uint8Array> {
    yield this.bodyOf(key);
  }

  async create(key: string, body: AsyncIterable<Uint8Array>): Promise<boolean> {
    if (this.bucket.get(key)) return false;
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    if (this.bucket.get(key)) return false;
    this.bucket.put(key, Buffer.concat(pieces));
    return true;
  }

  async replace(key: string, text: string, eTag: string): Promise<boolean> {
    if (this.bucket.get(key)?.eTag !== eTag) return false;
    this.bucket.put(key, text);
    return true;
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.bucket.delete(key);
  }

  private bodyOf(key: string): Buffer {
    const object = this.bucket.get(key);
    if (object) return object.body;
    throw new MissingObjectError(key);
  }
}

/** What a run changes in the bucket. */
export interface StoreEffect {
  readonly what: 'create' | 'replace' | 'remove';
  readonly keys: readonly string[];
}

export type EffectMoment = 'before' | 'after';

/** Called around each effect, from 0 on; what it throws, or waits for, happens to the run. */
export type OnEffect = (number: number, when: EffectMoment) => Promise<void> | void;

/** A store that tells its effects. */
export class EffectStore extends FakeStore {
  readonly effects: StoreEffect[] = [];

  constructor(
    bucket: FakeBucket,
    private readonly onEffect: OnEffect,
  ) {
    super(bucket);
  }

  override create(key: string, body: AsyncIterable<Uint8Array>): Promise<boolean> {
    return this.effect({ what: 'create', keys: [key] }, () => super.create(key, body));
  }

  override replace(key: string, text: string, eTag: string): Promise<boolean> {
    return this.effect({ what: 'replace', keys: [key] }, () => super.replace(key, text, eTag));
  }

  override remove(keys: readonly string[]): Promise<void> {
    return this.effect({ what: 'remove', keys }, () => super.remove(keys));
  }

  private async effect<T>(effect: StoreEffect, carryOut: () => Promise<T>): Promise<T> {
    const number = this.effects.push(effect) - 1;
    await this.onEffect(number, 'before');
    const result = await carryOut();
    await this.onEffect(number, 'after');
    return result;
  }
}
