import { numbered, putPhotos } from './photos';
import type { PushStand } from './stand';

/** On a stand on which a first image is promoted. */
export function changesItsRecipe(opened: () => PushStand): void {
  test('a changed recipe is found in what is there, and rendered anew, by its hash where no time tells', async () => {
    const stand = opened();
    const photos = (paths: readonly string[]) =>
      putPhotos(stand.clients.s3, stand.deployment.pipeline, paths);
    const reconcile = async (...words: readonly string[]) => {
      const { code, standardOutput } = await stand.spillway('reconcile', '--json', ...words);
      const lines = standardOutput.trim().split('\n');
      return { code, ...JSON.parse(lines.at(-1) ?? '') };
    };
    const recent = numbered('recent', 3);
    await photos(recent);
    await stand.fleet.quiet();
    expect(await reconcile('--recipe-changed')).toMatchObject({ code: 0, missing: 0, outdated: 0 });

    const recipe =
      "recipe: [{ name: '224x224', width: 224, height: 224, fit: 'inside', format: 'webp' }], ";
    await stand.configure('photos: { ', `photos: { ${recipe}`);
    await stand.deploy();
    await stand.delivery.templatesChanged();
    const { looked, missing } = await reconcile('--enqueue');
    expect(missing).toBe(looked);
    await stand.fleet.quiet();
    await stand.configure('width: 224', 'width: 100');
    await stand.deploy();
    await stand.delivery.templatesChanged();

    expect(await reconcile()).toMatchObject({ looked, missing: 0, outdated: looked });
    const enqueued = await reconcile('--recipe-changed', '--enqueue');
    expect(enqueued).toMatchObject({ looked, missing: 0, outdated: looked, enqueued: looked });
    await stand.fleet.quiet();
    expect(await reconcile('--recipe-changed')).toMatchObject({ looked, missing: 0, outdated: 0 });
  }, 240_000);
}
