import { DeleteObjectsCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import sharp from 'sharp';
import { renditionKey } from '../../../application-code/worker/src/job/keys';
import { takeMessages } from '../outcome';
import type { World } from '../world';

/** Every so many an object that is no photo. */
const POISON_EVERY = 25;
/** A job that has written its renditions still looks at its source. */
const SETTLED_MILLISECONDS = 10_000;
/** Keys of one DeleteObjects. */
const MOST_DELETIONS = 1_000;

/** Uploads one object after the other, and takes away what is finished, so that an emulator holds little. */
export class Traffic {
  readonly #outstanding = new Map<string, number>();
  readonly #photo = photograph();
  #uploaded = 0;
  #deadLetters = 0;

  constructor(private readonly world: World) {}

  get uploaded(): number {
    return this.#uploaded;
  }

  get deadLetters(): number {
    return this.#deadLetters;
  }

  /** Objects that are neither renditions nor dead letters yet. */
  get outstanding(): number {
    return this.#outstanding.size;
  }

  async upload(): Promise<void> {
    const { clients, pipeline } = this.world;
    this.#uploaded += 1;
    const isPoison = this.#uploaded % POISON_EVERY === 0;
    const Key = `${pipeline.sourcePrefix}soak/${this.#uploaded}.jpg`;
    const Body = isPoison ? Buffer.from('not a photo\n') : await this.#photo;
    this.#outstanding.set(Key, Date.now());
    await clients.s3.send(new PutObjectCommand({ Bucket: pipeline.sourceBucket, Key, Body }));
  }

  /** Counts what has ended, and deletes it. */
  async sweep(): Promise<void> {
    const { clients, pipeline } = this.world;
    const { sourceBucket, destinationBucket, deadLetterQueueUrl } = pipeline;
    const letters = await takeMessages(clients, deadLetterQueueUrl);
    this.#deadLetters += letters.length;
    const ended = new Set(letters.flatMap(({ key }) => key ?? []));
    const renditions = new Set(await this.#keysIn(destinationBucket));
    for (const [key, since] of this.#outstanding) {
      const wanted = pipeline.recipe.map((spec) => renditionKey(key, spec, pipeline));
      const isWhole = wanted.every((one) => renditions.has(one));
      if (isWhole && Date.now() - since > SETTLED_MILLISECONDS) ended.add(key);
    }
    for (const key of ended) this.#outstanding.delete(key);
    const sources = await this.#keysIn(sourceBucket);
    await this.#delete(
      sourceBucket,
      sources.filter((key) => !this.#outstanding.has(key)),
    );
    const kept = new Set(
      [...this.#outstanding.keys()].flatMap((key) =>
        pipeline.recipe.map((spec) => renditionKey(key, spec, pipeline)),
      ),
    );
    await this.#delete(
      destinationBucket,
      [...renditions].filter((key) => !kept.has(key)),
    );
  }

  async #keysIn(Bucket: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.world.clients.s3 },
      { Bucket },
    )) {
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
    }
    return keys;
  }

  async #delete(Bucket: string, keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += MOST_DELETIONS) {
      const Objects = keys.slice(from, from + MOST_DELETIONS).map((Key) => ({ Key }));
      await this.world.clients.s3.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
      );
    }
  }
}

/** Of some ten kilobytes, with grain. */
function photograph(): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 20 };
  return sharp({ create: { width: 640, height: 480, channels: 3, background: 'black', noise } })
    .jpeg({ quality: 60 })
    .toBuffer();
}
