import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputsOf } from '../../application-code/images/outputs';
import { parseRecipe } from '../../application-code/images/recipe';
import { recipeHash } from '../../application-code/worker/src/job/recipe-hash';
import { recipeRecord } from '../../contract/parameters';
import {
  fakePipeline,
  PATH,
  pipelineToReconcile,
  RECIPE,
} from '../../test/fakes/cli/fake-pipeline';
import { NOW, runCommand, tryCommand } from '../../test/fakes/cli/fake-session';

describe('spillway reconcile, after the recipe has changed', () => {
  const MINUTE = 60_000;
  function changed() {
    const fake = pipelineToReconcile();
    const recipes = [[{ name: 'small', width: 50 }], parseRecipe(RECIPE)];
    fake.pipeline.histories.set(
      `${PATH}recipe`,
      recipes.map((recipe, at) => ({
        value: recipeRecord({
          renditions: outputsOf(recipe).map(recipeHash),
          longestTaskSeconds: 60,
        }),
        modifiedAt: NOW + (at + 1) * MINUTE,
      })),
    );
    return fake;
  }

  test('says how many outputs are older, and how to make jobs of them', async () => {
    const { text } = await tryCommand('reconcile --older-than 10m', { account: changed().account });
    expect(text.split('\n').at(-1)).toBe(
      '4 objects looked at: 2 without outputs and without a dead letter, 1 with outputs ' +
        'older than the recipe, 1 with a dead letter. To make jobs of what is older than the ' +
        'recipe, too: npx spillway reconcile -e dev -p photos --recipe-changed --enqueue ' +
        '--older-than 10m',
    );
  });

  test('--recipe-changed makes jobs of them, too', async () => {
    const { account, work } = changed();
    const { text } = await tryCommand('reconcile --recipe-changed --enqueue', { account });
    expect(text).toContain('ecsproc/a.jpg  older than the recipe: small, web\n');
    expect(text).toContain(
      '1 with outputs older than the recipe, 3 are jobs now, 1 with a dead letter.',
    );
    expect(work.messages).toHaveLength(3);
  });

  test('--recipe-changed names them in each document of --json', async () => {
    const { text } = await tryCommand('reconcile --recipe-changed --json', {
      account: changed().account,
    });
    const lines = text.split('\n').map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({
      key: 'ecsproc/a.jpg',
      missing: [],
      outdated: ['small', 'web'],
    });
    expect(lines.at(-1)).toMatchObject({ looked: 4, missing: 2, outdated: 1 });
  });

  test('makes no job of what has a dead letter', async () => {
    const { account, letters, work } = changed();
    letters.put('{}', { FaultCode: 'Undecodable', SourceKey: 'ecsproc%2Fa.jpg' });
    const { text } = await tryCommand('reconcile --recipe-changed --enqueue', { account });
    expect(text).toContain(
      '0 with outputs older than the recipe, 2 are jobs now, 2 with a dead letter.',
    );
    expect(work.messages).toHaveLength(2);
  });

  test('fails where the stacks have no record, but not without --recipe-changed', async () => {
    const { account } = pipelineToReconcile();
    const missing = new Error(`There is no parameter ${PATH}recipe: deploy the stacks first.`, {
      cause: Object.assign(new Error(), { name: 'ParameterNotFound' }),
    });
    const history = async () => Promise.reject(missing);
    const older = { ...account, parameters: { ...account.parameters, history } };
    const { error } = await tryCommand('reconcile --recipe-changed', { account: older });
    expect(error).toMatchObject({
      name: 'RefusalError',
      message: expect.stringContaining(missing.message),
    });
    expect((await tryCommand('reconcile', { account: older })).error).toBeUndefined();
  });
});

describe('spillway upload, after the recipe has changed', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-upload-'));
    await mkdir(join(folder, 'a'));
    for (const path of ['a/Été 1.JPG', 'b.png', 'c.png']) await writeFile(join(folder, path), path);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('does not call those done whose outputs are older than the recipe', async () => {
    const { account, buckets, clock, pipeline } = fakePipeline();
    const from = clock.now;
    const told = async () => (await runCommand(`upload ${folder}`, { account, clock })).warnings;
    await told();
    for (const path of ['b.png', 'a/Été 1.JPG', 'c.png'])
      for (const key of [`small/${path}`, `web/${path}.webp`])
        buckets.objects.put(`destination/processed/${key}`, 'x');
    expect(await told()).not.toContain('recipe');
    clock.now += 3_600_000;
    const hashes = outputsOf(parseRecipe(RECIPE)).map(recipeHash);
    pipeline.histories.set(`${PATH}recipe`, [
      { value: recipeRecord({ renditions: ['0'], longestTaskSeconds: 60 }), modifiedAt: from - 1 },
      {
        value: recipeRecord({ renditions: hashes, longestTaskSeconds: 60 }),
        modifiedAt: clock.now,
      },
    ]);
    for (const [at, key] of ['small/b.png', 'web/b.png.webp'].entries()) {
      const metadata = { 'recipe-hash': hashes[at] ?? '' };
      buckets.objects.put(`destination/processed/${key}`, 'x', { metadata });
    }
    expect(await told()).toContain(
      'Of those that were there already, 2 files lack some outputs of the recipe in force. ' +
        'To make jobs of what is older than it: npx spillway reconcile -e dev -p photos ' +
        '--recipe-changed --enqueue',
    );
  });

  test('asks for no output of a source that is newer than the recipe', async () => {
    const { account, buckets, clock, pipeline } = fakePipeline();
    const hashes = outputsOf(parseRecipe(RECIPE)).map(recipeHash);
    pipeline.histories.set(`${PATH}recipe`, [
      { value: recipeRecord({ renditions: ['0'], longestTaskSeconds: 60 }), modifiedAt: 0 },
      { value: recipeRecord({ renditions: hashes, longestTaskSeconds: 60 }), modifiedAt: 1_000 },
    ]);
    await runCommand(`upload ${folder}`, { account, clock });
    await runCommand(`upload ${folder}`, { account, clock });
    expect(buckets.calls.filter((call) => call.startsWith('look processed/'))).toEqual([]);
  });
});
