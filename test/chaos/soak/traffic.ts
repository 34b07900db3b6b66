import sharp from 'sharp';
import { outputKey } from '../../../application-code/worker/src/job/keys';
import type { DeadLetterRecord } from '../../../local/files/dead-letter';
import { deleteObjects, keysIn, takeMessages } from '../../emulator/outcome';
import type { ChaosPipeline } from '../chaos-pipeline';
import type { Version } from '../objects';
import { letterViolations, type Violation } from '../verdict';

/** One of this many objects is no photo. */
const POISON_EVERY = 25;
/** A job that has written its renditions still looks at its source. */
const SETTLED_MILLISECONDS = 10_000;

const POISON: Version = {
  body: Buffer.from('not a photo\n'),
  ends: { fault: 'UnsupportedFormat' },
};

/** Uploads one object after the other, and deletes finished ones from the emulator. */
export class Traffic {
  private readonly outstandingKeys = new Map<string, number>();
  private readonly photo = photograph();
  private readonly deadLetterCounts = new Map<string, number>();
  private readonly foundViolations: Violation[] = [];
  private uploadCount = 0;

  constructor(
    private readonly chaos: ChaosPipeline,
    private readonly maxAttempts: number,
  ) {}

  get uploaded(): number {
    return this.uploadCount;
  }

  /** How many there were of each code; some come twice. */
  get deadLetters(): ReadonlyMap<string, number> {
    return this.deadLetterCounts;
  }

  /** Dead letters that should not be. */
  get violations(): readonly Violation[] {
    return this.foundViolations;
  }

  /** Objects that are neither renditions nor dead letters yet. */
  get outstanding(): number {
    return this.outstandingKeys.size;
  }

  async upload(): Promise<void> {
    const { clients, pipeline } = this.chaos;
    this.uploadCount += 1;
    const Key = `${pipeline.sourcePrefix}soak/${this.uploadCount}.jpg`;
    const { body: Body } = await this.versionOf(this.uploadCount);
    this.outstandingKeys.set(Key, Date.now());
    await clients.s3.putObject({ Bucket: pipeline.sourceBucket, Key, Body });
  }

  /** Counts what has ended, and deletes it. */
  async sweep(): Promise<void> {
    const { clients, pipeline } = this.chaos;
    const { sourceBucket, destinationBucket, deadLetterQueueUrl } = pipeline;
    const letters = await takeMessages(clients, deadLetterQueueUrl);
    for (const letter of letters) await this.judge(letter);
    const ended = new Set(letters.flatMap(({ key }) => key ?? []));
    const renditions = new Set(await keysIn(clients, destinationBucket));
    for (const [key, since] of this.outstandingKeys) {
      const wanted = pipeline.outputs.map((plan) => outputKey(key, plan, pipeline));
      const isWhole = wanted.every((one) => renditions.has(one));
      if (isWhole && Date.now() - since > SETTLED_MILLISECONDS) ended.add(key);
    }
    for (const key of ended) this.outstandingKeys.delete(key);
    const sources = await keysIn(clients, sourceBucket);
    await deleteObjects(
      clients,
      sourceBucket,
      sources.filter((key) => !this.outstandingKeys.has(key)),
    );
    const kept = new Set(
      [...this.outstandingKeys.keys()].flatMap((key) =>
        pipeline.outputs.map((plan) => outputKey(key, plan, pipeline)),
      ),
    );
    await deleteObjects(
      clients,
      destinationBucket,
      [...renditions].filter((key) => !kept.has(key)),
    );
  }

  private async judge(letter: DeadLetterRecord): Promise<void> {
    const { code, key } = letter;
    this.deadLetterCounts.set(code, (this.deadLetterCounts.get(code) ?? 0) + 1);
    const number = /\/soak\/(\d+)\.jpg$/.exec(key ?? '')?.[1];
    const versions = number === undefined ? undefined : [await this.versionOf(Number(number))];
    this.foundViolations.push(...letterViolations(letter, versions, this.maxAttempts));
  }

  private async versionOf(number: number): Promise<Version> {
    return number % POISON_EVERY === 0 ? POISON : this.photo;
  }
}

/** Of some ten kilobytes, with grain. */
async function photograph(): Promise<Version> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 20 };
  const [width, height, format] = [640, 480, 'jpeg'] as const;
  const body = await sharp({ create: { width, height, channels: 3, background: 'black', noise } })
    .jpeg({ quality: 60 })
    .toBuffer();
  return { body, ends: { colour: [128, 128, 128], width, height, format } };
}
