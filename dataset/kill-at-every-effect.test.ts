import {
  DatasetUnderTest,
  PREFIX,
  type ReadSource,
} from '../test/fakes/dataset/dataset-under-test';
import { EffectStore, type StoreEffect } from '../test/fakes/dataset/fake-store';
import { SeenDataset } from '../test/fakes/dataset/seen';
import { ConcurrentFinishError } from './faults';
import type { FinishOptions } from './generation';
import type { DatasetStore } from './ports';
import { removeParts } from './remove-parts';

const pictures = (...keys: readonly string[]): ReadSource[] =>
  keys.map((key) => ({ key, body: `picture of ${key}`, label: key.split('/')[0] ?? '' }));

interface Story {
  readonly title: string;
  readonly begin: (world: DatasetUnderTest) => Promise<void>;
  readonly options?: Partial<FinishOptions>;
  readonly removesParts?: true;
  readonly keys: readonly string[];
}

const SIX = ['a/1', 'a/2', 'b/1', 'b/2', 'b/3', 'c/1'];

async function beginAgain(world: DatasetUnderTest): Promise<void> {
  world.addPart(pictures(...SIX.slice(0, 4)));
  world.addPart([{ key: 'tiny', body: 'tiny', leftOut: 'The smallest side is 8.' }]);
  await world.finish();
  await removeParts({ store: world.store }, { prefix: PREFIX });
  world.addPart([...pictures(...SIX.slice(4)), { key: 'a/2', body: 'newer', label: 'a' }]);
}

const STORIES: readonly Story[] = [
  {
    title: 'a first finish',
    begin: async (world) => {
      world.addPart(pictures(...SIX.slice(0, 4)));
      world.addPart(pictures(...SIX.slice(4)));
    },
    keys: SIX,
  },
  { title: 'a finish that adds to shards whose parts are gone', begin: beginAgain, keys: SIX },
  {
    title: 'a finish that shuffles, and then removes the parts',
    begin: beginAgain,
    options: { seed: '3' },
    removesParts: true,
    keys: SIX,
  },
];

async function run(world: DatasetUnderTest, story: Story, store: DatasetStore = world.store) {
  const summary = await world.finish({ samplesPerShard: 2, ...story.options }, store);
  if (story.removesParts) await removeParts({ store }, { prefix: PREFIX });
  return summary;
}

async function worldOf(story: Story): Promise<DatasetUnderTest> {
  const world = new DatasetUnderTest();
  await story.begin(world);
  return world;
}

async function effectsOf(story: Story) {
  const world = await worldOf(story);
  const store = new EffectStore(world.destination, () => undefined);
  await run(world, story, store);
  return store.effects;
}

const commitOf = (effects: readonly StoreEffect[]) =>
  effects.findIndex(({ keys }) => keys[0] === `${PREFIX}dataset.json`);

/** The dataset is whole and has exactly these keys. */
async function expectDataset(world: DatasetUnderTest, keys: readonly string[]): Promise<void> {
  const seen = new SeenDataset(world);
  expect(await seen.problems()).toEqual([]);
  expect((await seen.samples()).flat().sort()).toEqual([...keys].sort());
}

describe.each(STORIES)('$title', (story) => {
  test('ends as the whole dataset, at whatever effect it was killed before', async () => {
    const effects = await effectsOf(story);
    expect(effects.length).toBeGreaterThan(5);
    for (const [number, effect] of effects.entries())
      for (const moment of ['before', 'after'] as const) {
        const world = await worldOf(story);
        const killed = new EffectStore(world.destination, (at, when) => {
          if (at === number && when === moment) throw new Error('killed');
        });
        await expect(run(world, story, killed)).rejects.toThrow('killed');
        const where = `killed ${moment} ${effect.what} ${effect.keys}`;
        // What is committed is whole all the time, also before the next run.
        if (world.destination.get(`${PREFIX}dataset.json`))
          expect([where, await new SeenDataset(world).problems()]).toEqual([where, []]);
        await run(world, story);
        await expectDataset(world, story.keys);
        if (story.removesParts) expect(world.destination.keys(`${PREFIX}parts/`)).toEqual([]);
      }
  });

  test('writes no shard twice when it continues after a kill before its commit', async () => {
    const effects = await effectsOf(story);
    const commits = commitOf(effects);
    const world = await worldOf(story);
    const killed = new EffectStore(world.destination, (at) => {
      if (at === commits) throw new Error('killed');
    });
    await expect(run(world, story, killed)).rejects.toThrow('killed');
    const written: string[] = [];
    const watch = new EffectStore(world.destination, () => undefined);
    await run(world, story, watch);
    for (const { what, keys } of watch.effects) if (what === 'create') written.push(...keys);
    expect(written.filter((key) => key.endsWith('.tar'))).toEqual([]);
  });

  test('does no harm beside another one that has a newer part, wherever they meet', async () => {
    const effects = await effectsOf(story);
    for (const number of effects.keys()) {
      const world = await worldOf(story);
      const slow = new EffectStore(world.destination, async (at, when) => {
        if (at !== number || when !== 'before') return;
        world.addPart(pictures('z/1'));
        await run(world, story);
      });
      const outcome = await run(world, story, slow).catch((error: unknown) => error);
      // Until its commit it loses and says so; what it does afterwards is no longer disturbed.
      if (number <= commitOf(effects)) expect(outcome).toBeInstanceOf(ConcurrentFinishError);
      else expect(outcome).not.toBeInstanceOf(Error);
      await expectDataset(world, [...story.keys, 'z/1']);
      if (!story.removesParts) await run(world, story);
      await expectDataset(world, [...story.keys, 'z/1']);
    }
  });

  test('does no harm beside another one of the same parts: both are done', async () => {
    for (const [number] of (await effectsOf(story)).entries()) {
      const world = await worldOf(story);
      const slow = new EffectStore(world.destination, async (at, when) => {
        if (at === number && when === 'before') await run(world, story);
      });
      await run(world, story, slow);
      await expectDataset(world, story.keys);
    }
  });
});
