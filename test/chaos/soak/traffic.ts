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
  /** When objects were uploaded that are neither renditions nor dead letters yet, by their keys. */
  readonly outstanding = new Map<string, number>();
  /** How many there were of each code; some come twice. */
  readonly deadLetters = new Map<string, number>();
  /** Dead letters that should not be. */
  readonly violations: Violation[] = [];
  uploaded = 0;
  private readonly photo = photograph();

  constructor(
    private readonly chaos: ChaosPipeline,
    private readonly maxAttempts: number,
  ) {}

  async upload(): Promise<void> {
    const { clients, pipeline } = this.chaos;
    this.uploaded += 1;
    const Key = `${pipeline.sourcePrefix}soak/${this.uploaded}.jpg`;
    const { body: Body } = await this.versionOf(this.uploaded);
    this.outstanding.set(Key, Date.now());
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
    for (const [key, since] of this.outstanding) {
      const wanted = pipeline.outputs.map((plan) => outputKey(key, plan, pipeline));
      const isWhole = wanted.every((one) => renditions.has(one));
      if (isWhole && Date.now() - since > SETTLED_MILLISECONDS) ended.add(key);
    }
    for (const key of ended) this.outstanding.delete(key);
    const sources = await keysIn(clients, sourceBucket);
    await deleteObjects(
      clients,
      sourceBucket,
      sources.filter((key) => !this.outstanding.has(key)),
    );
    const kept = new Set(
      [...this.outstanding.keys()].flatMap((key) =>
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
    this.deadLetters.set(code, (this.deadLetters.get(code) ?? 0) + 1);
    const number = /\/soak\/(\d+)\.jpg$/.exec(key ?? '')?.[1];
    const versions = number === undefined ? undefined : [await this.versionOf(Number(number))];
    this.violations.push(...letterViolations(letter, versions, this.maxAttempts));
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
