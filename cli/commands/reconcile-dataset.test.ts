import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputsOf } from '../../application-code/images/outputs';
import { datasetRecipeHash } from '../../application-code/worker/src/parts/dataset-recipe';
import { fakeDataset } from '../../test/fakes/cli/fake-dataset';
import { RECIPE } from '../../test/fakes/cli/fake-pipeline';
import { runCommand, tryCommand } from '../../test/fakes/cli/fake-session';

const IN_FORCE = datasetRecipeHash(outputsOf(JSON.parse(RECIPE)), 'folder');
const read = (name: string, more: { readonly leftOut?: string } = {}) => ({
  key: `ecsproc/${name}`,
  body: `picture ${name}`,
  ...more,
});

/** A pipeline of shards whose source bucket has these files. */
function begin(names: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const fake = fakeDataset(variables);
  for (const name of names) {
    const { key, body } = read(name);
    fake.buckets.objects.put(`source/${key}`, body);
  }
  return fake;
}

describe('spillway reconcile of a dataset', () => {
  test('takes as done what parts and the last generation have', async () => {
    const { account, world } = begin(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']);
    world.addPart([read('a.jpg')], IN_FORCE);
    await world.finish({ prefix: 'processed/' });
    world.addPart([read('b.jpg'), read('c.jpg', { leftOut: 'too small' })], IN_FORCE);
    const { text, error } = await tryCommand('reconcile', { account });
    expect(error).toBeUndefined();
    expect(text.split('\n')).toEqual([
      'ecsproc/d.jpg  lacks its sample',
      expect.stringMatching(/^4 objects looked at: 1 without outputs .* 1 with an output that was/),
    ]);
  });

  test('finds a source that was overwritten since its sample was made', async () => {
    const { account, world, buckets } = begin(['a.jpg']);
    world.addPart([read('a.jpg')], IN_FORCE);
    buckets.objects.put('source/ecsproc/a.jpg', 'a newer picture');
    const { text } = await tryCommand('reconcile --enqueue', { account });
    expect(text).toContain('ecsproc/a.jpg  lacks its sample');
    expect(text).toContain('1 are jobs now');
  });

  test('finds what an older recipe made, and makes jobs of it when that is asked for', async () => {
    const { account, world } = begin(['a.jpg', 'b.jpg']);
    world.addPart([read('a.jpg')], IN_FORCE);
    world.addPart([read('b.jpg')], 'bbbbbbbbbbbb');
    expect((await tryCommand('reconcile', { account })).text).toContain(
      '2 objects looked at: 0 without outputs and without a dead letter, 1 with outputs older',
    );
    const { text } = await tryCommand('reconcile --recipe-changed --enqueue', { account });
    expect(text).toContain('ecsproc/b.jpg  older than the recipe: its sample');
    expect(text).toContain('1 are jobs now');
  });

  test('finds every source before the first part', async () => {
    const { account } = begin(['a.jpg']);
    expect((await tryCommand('reconcile', { account })).text).toContain('lacks its sample');
  });

  test('fails with --orphans: finish takes the newest sample of each source', async () => {
    const { account } = begin(['a b/1.jpg']);
    const { error } = await tryCommand('reconcile --orphans', { account });
    expect(String(error)).toMatch(/--orphans is for .* a manifest lists, but .* `dataset finish`/);
  });
});

describe('spillway upload to a dataset', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upload-dataset-'));
    await mkdir(join(folder, 'a b'));
    for (const name of ['a b/1.jpg', 'a b/2.jpg', '3.jpg'])
      await writeFile(join(folder, name), `picture ${name}`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('says of what is there already what the recipe left out', async () => {
    const { account, world } = begin(['a b/1.jpg', 'a b/2.jpg', '3.jpg']);
    world.addPart([read('a b/1.jpg'), read('3.jpg', { leftOut: 'too small' })], IN_FORCE);
    const { text } = await runCommand(`upload ${folder} --json`, { account });
    expect(JSON.parse(text)).toMatchObject({ uploaded: 0, same: 3, skipped: 1, outdated: 0 });
  });

  test('fails when the pattern of labels matches no file, and uploads none', async () => {
    const { account, buckets } = begin([], { SHARD_LABEL: '^(dog)_' });
    const { error } = await tryCommand(`upload ${folder}`, { account });
    expect(String(error)).toMatch(/"\^\(dog\)_" matches none of 3, among them ".*", ".*", ".*"/);
    expect(buckets.objects.keys()).toEqual([]);
  });
});
