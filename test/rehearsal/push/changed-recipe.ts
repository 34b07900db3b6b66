import type { DeployedCheckout } from './deployed-checkout';
import { numbered, putPhotos } from './photos';

/** On a checkout on which a first image is promoted. */
export function changesItsRecipe(opened: () => DeployedCheckout): void {
  test('a changed recipe is found in what is there, and rendered again, by its hash where ' +
    'no time tells', async () => {
    const checkout = opened();
    const photos = (paths: readonly string[]) =>
      putPhotos(checkout.clients.s3, checkout.deployment.pipeline, paths);
    const reconcile = async (...words: readonly string[]) => {
      const { code, standardOutput } = await checkout.spillway(
        ...['reconcile', '-p', 'photos', '--json', ...words],
      );
      const lines = standardOutput.trim().split('\n');
      return { code, ...JSON.parse(lines.at(-1) ?? '') };
    };
    const recent = numbered('recent', 3);
    await photos(recent);
    await checkout.fleet.quiet();
    expect(await reconcile('--recipe-changed')).toMatchObject({ code: 0, missing: 0, outdated: 0 });

    const recipe =
      "recipe: [{ name: '224x224', width: 224, height: 224, fit: 'inside', format: 'webp' }], ";
    await checkout.configure('photos: { ', `photos: { ${recipe}`);
    await checkout.deploy();
    await checkout.delivery.templatesChanged();
    const { looked, missing } = await reconcile('--enqueue');
    expect(missing).toBe(looked);
    await checkout.fleet.quiet();
    await checkout.configure('width: 224', 'width: 100');
    await checkout.deploy();
    await checkout.delivery.templatesChanged();

    expect(await reconcile()).toMatchObject({ looked, missing: 0, outdated: looked });
    const enqueued = await reconcile('--recipe-changed', '--enqueue');
    expect(enqueued).toMatchObject({ looked, missing: 0, outdated: looked, enqueued: looked });
    await checkout.fleet.quiet();
    expect(await reconcile('--recipe-changed')).toMatchObject({ looked, missing: 0, outdated: 0 });
  }, 240_000);
}
