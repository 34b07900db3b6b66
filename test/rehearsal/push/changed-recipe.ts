import type { DeployedCheckout } from './deployed-checkout';
import { numbered, putPhotos } from './photos';

/** Text of the configuration of a pipeline. */
export const RECIPE =
  "recipe: [{ name: '224x224', width: 224, height: 224, fit: 'inside', format: 'webp' }],";

/** On a checkout on which a first image is promoted and `RECIPE` is deployed. */
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
    await checkout.fleet.quiet(await photos(numbered('recent', 3)));
    const { looked, ...first } = await reconcile('--recipe-changed');
    expect(first).toMatchObject({ code: 0, missing: 0, outdated: 0 });

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
