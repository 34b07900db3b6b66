import { type FakeBuckets, fakeBuckets } from '../../test/fakes/cli/fake-buckets';
import { complete, found, NOW, put } from '../../test/fakes/cli/found-missing';

describe('an output that is older than the recipe', () => {
  let buckets: FakeBuckets;
  beforeEach(() => {
    buckets = fakeBuckets(() => NOW);
  });
  const EVER = Number.NEGATIVE_INFINITY;
  const terms = new Map([
    ['small', { hash: 's', since: EVER, mixedUntil: EVER }],
    ['web', { hash: 'w', since: NOW - 100, mixedUntil: NOW - 50 }],
  ]);
  const WEB = 'destination/out/web/a.jpg.webp';
  const written = (at: number, hash?: string) => {
    put(buckets, 'source/in/a.jpg', NOW - 200);
    put(buckets, 'destination/out/small/a.jpg', NOW - 199);
    const metadata = { ...(hash && { 'recipe-hash': hash }) };
    buckets.objects.put(WEB, 'x', { modifiedAt: at, metadata });
  };
  const looks = () => buckets.calls.filter((call) => call.startsWith('look'));

  test('is found by the listing alone, without a look at any object', async () => {
    written(NOW - 101);
    const { outdated, missing, behind } = await found(buckets, { terms, recipeChanged: true });
    expect([outdated, missing, behind]).toEqual([{ 'in/a.jpg': ['web'] }, { 'in/a.jpg': [] }, 1]);
    expect(looks()).toEqual([]);
  });

  test('is counted, and no job, where it is not asked for', async () => {
    written(NOW - 101);
    expect(await found(buckets, { terms })).toMatchObject({ missing: {}, behind: 1 });
  });

  test.each([
    ['asked for its hash, and older', 'x', { 'in/a.jpg': ['web'] }],
    ['asked for its hash, and in force', 'w', {}],
  ])('is, written while tasks of before may have run, %s', async (_title, hash, outdated) => {
    written(NOW - 60, hash);
    expect((await found(buckets, { terms, recipeChanged: true })).outdated).toEqual(outdated);
    expect(looks()).toEqual(['look out/web/a.jpg.webp']);
  });

  test('is asked nothing where it is not asked for', async () => {
    written(NOW - 60, 'x');
    expect(await found(buckets, { terms })).toMatchObject({ missing: {}, behind: 0 });
    expect(looks()).toEqual([]);
  });

  test('is not outdated, and is asked nothing, when it was written later', async () => {
    written(NOW - 49, 'x');
    expect(await found(buckets, { terms, recipeChanged: true })).toMatchObject({
      missing: {},
      behind: 0,
    });
    expect(looks()).toEqual([]);
  });

  test('is found where its listing does not show it in its place', async () => {
    for (const path of ['a', 'a!']) {
      put(buckets, `source/in/${path}`, NOW - 200);
      complete(buckets, path);
      buckets.objects.change(`destination/out/web/${path}.webp`, { modifiedAt: NOW - 101 });
    }
    const { outdated } = await found(buckets, { terms, recipeChanged: true });
    expect(outdated).toEqual({ 'in/a': ['web'], 'in/a!': ['web'] });
  });
});
