import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fakeDataset } from '../../../test/fakes/cli/fake-dataset';
import { runCommand, tryCommand } from '../../../test/fakes/cli/fake-session';

describe('a dataset in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ä dataset '));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Downloads the dataset, without the parts. */
  async function download(): Promise<void> {
    const { world } = fakeDataset();
    world.addPart(['a1', 'a2', 'b1', 'b2'].map((key) => ({ key, body: key })));
    await world.finish();
    for (const key of world.destination.keys('processed/').filter((one) => !/parts/.test(one))) {
      const file = join(folder, key.slice('processed/'.length));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, world.destination.get(key)?.body ?? '');
    }
  }

  test('is verified and listed without an account', async () => {
    await download();
    const verified = await runCommand(`dataset verify '${folder}'`);
    expect(verified.text).toContain('Nothing is wrong with generation 1: 4 samples in 2 shards');
    expect(verified.regions).toEqual([]);
    const { text } = await runCommand(`dataset list '${folder}'`);
    expect(text.split('\n')[0]).toBe(join(folder, 'shards/0001/dataset-000000.tar'));
    const json = await runCommand(`dataset verify '${folder}' --json`);
    expect(JSON.parse(json.text)).toMatchObject({ folder, samples: 4, problems: [] });
  });

  test('fails when something is wrong with it', async () => {
    await download();
    await rm(join(folder, 'shards/0001/dataset-000001.tar'));
    const { text, error } = await tryCommand(`dataset verify '${folder}'`);
    expect(text).toMatch(/shards\/0001\/dataset-000001.tar cannot be read/);
    expect((error as Error).message).toMatch(/^the dataset has 1 problem/);
  });

  test('must be there: another folder is named, and so is a pipeline beside it', async () => {
    const { error } = await tryCommand(`dataset verify '${folder}'`);
    expect(String(error)).toMatch(/UsageError: FOLDER must have a dataset.json, but ".*has none/);
    const both = await tryCommand(`dataset list '${folder}' -e dev`);
    expect(String(both.error)).toMatch(/name either a folder \(.*\) or a pipeline/);
    await writeFile(join(folder, 'dataset.json'), '{"shards":[]}');
    const other = await tryCommand(`dataset verify '${folder}'`);
    expect(String(other.error)).toMatch(/UsageError: dataset.json is not the dataset.json that/);
  });
});
