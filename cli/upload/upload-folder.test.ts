import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeBuckets } from '../../test/fakes/cli/fake-buckets';
import { uploadFolder } from './upload-folder';

const MIB = 1_048_576;

describe('uploadFolder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-lanes-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /**
   * Uploads the folder to a bucket that answers once this number of files is sent. @returns the
   * most that were.
   */
  async function mostTogether(together: number): Promise<number> {
    const buckets = fakeBuckets(() => 0);
    const waiting: (() => void)[] = [];
    let [underWay, most] = [0, 0];
    const look = buckets.look.bind(buckets);
    buckets.look = (...of) => {
      underWay += 1;
      most = Math.max(most, underWay);
      return look(...of);
    };
    buckets.put = async () => {
      await new Promise<void>((answer) => {
        waiting.push(answer);
        if (waiting.length === together) for (const one of waiting.splice(0)) one();
      });
      underWay -= 1;
    };
    await uploadFolder({
      buckets,
      source: { bucket: 'source' },
      sourcePrefix: 'in/',
      suffixes: [],
      folder,
      stop: new AbortController().signal,
      onDone: () => undefined,
      onSent: () => undefined,
      made: async () => ({ skipped: [], isOutdated: false }),
      onSkipped: () => undefined,
      onLeftOut: () => undefined,
    });
    return most;
  }

  test('sends sixteen small files at a time', async () => {
    for (let number = 0; number < 48; number += 1) await writeFile(join(folder, `${number}`), 'a');
    expect(await mostTogether(16)).toBe(16);
  });

  test.each([
    ['five files of 8 MiB', 8, 5],
    ['one file of 60 MiB, in parts,', 60, 1],
  ])('holds %s at a time', async (_title, mebibytes, together) => {
    for (let number = 0; number < 2 * together; number += 1) {
      await writeFile(join(folder, `${number}`), '');
      await truncate(join(folder, `${number}`), mebibytes * MIB);
    }
    expect(await mostTogether(together)).toBe(together);
  });
});
