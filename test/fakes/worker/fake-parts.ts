import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JobSettings } from '../../../application-code/worker/src/job/job';
import type { OutputObjects } from '../../../application-code/worker/src/job/ports';
import {
  type PartIndex,
  parsePartIndex,
  type SampleRow,
} from '../../../application-code/worker/src/parts/part-index';
import { parsePartKey } from '../../../application-code/worker/src/parts/part-keys';
import { Parts, type PartsOptions } from '../../../application-code/worker/src/parts/parts';
import type { PartFile, PartFiles } from '../../../application-code/worker/src/parts/ports';
import type { WorkerSeams } from '../../../application-code/worker/src/worker-options';
import type { FakeBucket } from '../bucket';

/** Files of parts in memory. */
export class FakePartFiles implements PartFiles {
  /** Thrown by the next calls that write. */
  readonly errors: Error[] = [];
  /** Names of files that are there. */
  readonly left = new Set<string>();

  async create(name: string): Promise<PartFile> {
    const pieces: Buffer[] = [];
    this.left.add(name);
    return {
      append: async (more) => {
        const error = this.errors.shift();
        if (error) throw error;
        pieces.push(...more.map((one) => (Buffer.isBuffer(one) ? one : readFileSync(one.file))));
      },
      finish: async () => {
        const body = Buffer.concat(pieces);
        const sha256 = createHash('sha256').update(body).digest('hex');
        return { body, bytes: body.length, sha256 };
      },
      remove: async () => void this.left.delete(name),
    };
  }
}

/** What a test says of a worker's parts; limits that it does not name are never reached. */
export type GivenParts = Partial<Omit<PartsOptions, 'limits'>> & {
  readonly limits?: Partial<PartsOptions['limits']>;
};

let workers = 0;

/** The parts of one worker, by what a test says of them. */
export function partsOf(
  { destinationPrefix }: Pick<JobSettings, 'destinationPrefix'>,
  destination: OutputObjects,
  { limits, ...changed }: Pick<WorkerSeams, 'clock' | 'log' | 'tally'> & GivenParts,
): Parts {
  workers += 1;
  return new Parts({
    ...{ destinationPrefix, destination, label: 'none', files: new FakePartFiles() },
    recipe: { recipeHash: '0123456789ab', recipe: 'a recipe', workload: 'images' },
    limits: { samples: 1_000, bytes: 2 ** 28, seconds: 300, ...limits },
    worker: `w${workers}`,
    ...changed,
  });
}

/** What a bucket has of a dataset. */
export interface WrittenPart extends PartIndex {
  readonly name: string;
  readonly tar: Buffer;
}

/** The parts that have an index. */
export function partsIn(bucket: FakeBucket, prefix = 'processed/'): readonly WrittenPart[] {
  return bucket.keys().flatMap((key) => {
    const place = parsePartKey(prefix, key);
    if (place?.kind !== 'index') return [];
    const tar = bucket.get(key.replace(/jsonl$/, 'tar'))?.body;
    if (!tar) throw new Error(`${key} has no tar.`);
    return [{ name: place.part, tar, ...parsePartIndex(bucket.text(key) ?? '') }];
  });
}

/** Content of each output of each sample of this version of a source, in all parts. */
export function samplesOf(
  parts: readonly WrittenPart[],
  key: string,
  eTag: string | undefined,
): readonly (readonly string[])[] {
  return parts.flatMap((part) =>
    part.samples
      .filter((row) => row.key === key && row.eTag === eTag)
      .map((row) =>
        row.files
          .filter(({ extension }) => extension !== 'json')
          .map(({ extension }) => fileIn(part, row, extension).toString()),
      ),
  );
}

/** The content of a file of a sample, by where the index says that its records lie. */
export function fileIn(
  { tar }: Pick<WrittenPart, 'tar'>,
  row: SampleRow,
  extension: string,
): Buffer {
  let at = row.offset;
  for (const file of row.files) {
    // A name that is not plain has two more blocks before its own.
    const headers = tar.toString('latin1', at + 156, at + 157) === 'x' ? 3 * 512 : 512;
    const body = tar.subarray(at + headers, at + headers + file.bytes);
    if (file.extension === extension) return body;
    at += headers + Math.ceil(file.bytes / 512) * 512;
  }
  throw new Error(`${row.sample} has no ${extension}.`);
}
