import { manifestText, outputPlans } from '../../application-code/worker/src/job/manifest';
import { etagOf } from '../../test/fakes/bucket';
import { type FakeBuckets, fakeBuckets } from '../../test/fakes/cli/fake-buckets';
import { worker as imageWorker, NOW } from '../../test/fakes/cli/found-missing';
import { findMissing } from './find-missing';

const SECOND = 1_000;
const worker = { ...imageWorker, outputs: outputPlans({ outputs: () => 'manifest' }, 'film') };
const MANIFEST = 'destination/out/manifests/a.zip.json';
const FOLDER = 'out/a.zip.out/';

let buckets: FakeBuckets;

beforeEach(() => {
  buckets = fakeBuckets(() => NOW);
  at('source/in/a.zip', 'x', -9);
  for (const [name, body] of [
    ['1.png', 'one'],
    ['b/2.png', 'two'],
  ] as const)
    at(`destination/${FOLDER}${name}`, body, -2);
  writeManifest();
});

const at = (key: string, body: string, seconds: number) =>
  buckets.objects.put(key, body, { modifiedAt: NOW + seconds * SECOND });

function writeManifest(etag = `"${etagOf('x')}"`, names = ['1.png', 'b/2.png']): void {
  const outputs = names.map((name) => ({ key: `${FOLDER}${name}`, bytes: 3 }));
  const more = { sha256: '', contentType: 'image/png' };
  const text = manifestText({
    source: { bucket: 'source', key: 'in/a.zip', etag, bytes: 1 },
    recipeHash: 'aa',
    outputs: outputs.map((output) => ({ ...output, ...more })),
  });
  at(MANIFEST, text, 0);
}

async function state() {
  for await (const { missing, orphans } of findMissing({
    ...{ buckets, worker, suffixes: [], until: NOW + 9 * SECOND },
  }))
    return { lacks: missing?.outputs ?? [], orphans };
  throw new Error('No source was found.');
}

describe('an object whose outputs a manifest lists', () => {
  test('lacks nothing when the listing has all of them, at the cost of two calls', async () => {
    expect(await state()).toEqual({ lacks: [], orphans: [] });
    expect(buckets.calls).toEqual([
      'list source in/ ',
      'list destination out/manifests/ ',
      'read out/manifests/a.zip.json',
      `list destination ${FOLDER} `,
    ]);
  });

  test.each<[string, () => unknown, string]>([
    ['it is not there', () => buckets.objects.delete(MANIFEST), 'manifest'],
    ['it is older than its source', () => at('source/in/a.zip', 'x', 1), 'manifest'],
    ['it is of another version', () => writeManifest('"other"'), 'manifest'],
    ['it is no manifest', () => at(MANIFEST, '{"outputs":[]}', 0), 'manifest'],
    ['it is no JSON', () => at(MANIFEST, '{', 0), 'manifest'],
    [
      'one was deleted',
      () => buckets.objects.delete(`destination/${FOLDER}1.png`),
      `${FOLDER}1.png`,
    ],
    ['one has another size', () => at(`destination/${FOLDER}1.png`, 'four', -2), `${FOLDER}1.png`],
  ])('lacks outputs when %s', async (_when, change, lacks) => {
    change();
    expect((await state()).lacks).toEqual([lacks]);
  });

  test('is asked for its manifest where the listing does not show it in its place', async () => {
    for (const path of ['a.zip!', 'a.zip-']) at(`source/in/${path}`, 'x', -9);
    for (const path of ['a.zip!', 'a.zip-'])
      buckets.objects.put(
        `destination/out/manifests/${path}.json`,
        manifestText({
          source: { bucket: 'source', key: `in/${path}`, etag: etagOf('x'), bytes: 1 },
          ...{ recipeHash: 'aa', outputs: [] },
        }),
      );
    expect(await state()).toEqual({ lacks: [], orphans: [] });
  });

  test('has orphans where the newest manifest no longer lists what is older than it', async () => {
    writeManifest(undefined, ['1.png']);
    at(`destination/${FOLDER}c.png`, 'new', 1);
    at('destination/out/a.zip.outer/d.png', 'of another source', -2);
    expect(await state()).toEqual({ lacks: [], orphans: [`${FOLDER}b/2.png`] });
  });
});

test('a source in a folder that ends in `.out` cannot have outputs, and says why', async () => {
  buckets.objects.delete('source/in/a.zip');
  at('source/in/b.out/c.zip', 'x', -9);
  for await (const { missing } of findMissing({ buckets, worker, suffixes: [], until: NOW }))
    expect(missing?.fault).toMatch(/folder that ends in \.out/);
  expect.assertions(1);
});
