import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestText } from '../worker/src/job/manifest';
import type { CanaryOutput } from '../worker/src/workload/canary';
import { commandCanary } from './command-canary';
import { commandRecipe } from './command-recipe';

const recipe = commandRecipe({
  argv: ['./x'],
  suffixes: ['.wav'],
  outputs: ['{stem}.txt', 'logs/{stem}.json'],
});

let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'spillway-canary-'));
  await mkdir(join(place, 'speech/samples'), { recursive: true });
  for (const [name, body] of Object.entries({ 'b.wav': 'bb', 'a.wav': 'a', README: '', '.x': '' }))
    await writeFile(join(place, 'speech/samples', name), body);
});

afterEach(() => rm(place, { recursive: true }));

const prepare = (environment: Record<string, string> = {}) =>
  commandCanary(recipe, 'speech', [place]).prepare(environment);

const GOOD: Readonly<Record<string, CanaryOutput>> = {
  'a.txt': { body: Buffer.from('a'), contentType: 'text/plain', metadata: {} },
  'logs/a.json': { body: Buffer.from('{}'), contentType: 'application/json', metadata: {} },
  'b.txt': { body: Buffer.from('b'), contentType: 'text/plain', metadata: {} },
  'logs/b.json': { body: Buffer.from('{}'), contentType: 'application/json', metadata: {} },
};

test('the samples are the files in samples/ that the workload takes', async () => {
  const { samples } = await prepare();
  expect(samples).toEqual([
    { path: 'a.wav', body: Buffer.from('a'), contentType: 'audio/wav' },
    { path: 'b.wav', body: Buffer.from('bb'), contentType: 'audio/wav' },
  ]);
});

test('settings that refuse a sample leave it out', async () => {
  const { samples } = await prepare({ MAX_SOURCE_BYTES: '1' });
  expect(samples.map(({ path }) => path)).toEqual(['a.wav']);
});

test('without a sample there is no trial', async () => {
  await expect(prepare({ MAX_SOURCE_BYTES: '0.5' })).rejects.toThrow(
    'A canary needs a sample, but application-code/speech/samples/ has no file that ends in .wav',
  );
  await expect(commandCanary(recipe, 'none', [place]).prepare({})).rejects.toThrow('has no file');
});

test('a build passes with all outputs of all samples', async () => {
  const { judge } = await prepare();
  expect(await judge(async (path) => GOOD[path])).toEqual([]);
});

test.each([
  ['b.txt', undefined, 'b.txt was not written'],
  ['logs/a.json', { body: Buffer.alloc(0) }, 'logs/a.json is empty'],
  [
    'a.txt',
    { body: Buffer.from('a'), contentType: 'text/html' },
    'a.txt must have the type text/plain, but has text/html',
  ],
])('it fails by %s: %j', async (broken, output, fault) => {
  const { judge } = await prepare();
  const read = async (path: string) =>
    path === broken ? output && { ...output, metadata: {} } : GOOD[path];
  expect(await judge(read)).toEqual([fault]);
});

test('it fails by a content that is not of the type that its name and its header say', async () => {
  const pictures = commandRecipe({ argv: ['./x'], suffixes: ['a.wav'], outputs: ['{name}.png'] });
  const { judge } = await commandCanary(pictures, 'speech', [place]).prepare({});
  const text = { body: Buffer.from('no such font'), contentType: 'image/png', metadata: {} };
  expect(await judge(async () => text)).toEqual([
    'a.wav.png must hold image/png, but something else was found',
  ]);
});

describe("outputs: 'any'", () => {
  const any = commandRecipe({ argv: ['./x'], outputs: 'any' });
  const manifestOf = (...names: readonly string[]) =>
    Buffer.from(
      manifestText({
        source: { bucket: 'photos', key: 'canary/in/b.wav', etag: '"e"', bytes: 2 },
        recipeHash: 'hash',
        outputs: names.map((name) => ({
          ...{ key: `canary/out/b.wav.out/${name}`, bytes: 1, sha256: '', contentType: '' },
        })),
      }),
    );
  const judged = async (manifest: Buffer, written: Readonly<Record<string, string>>) => {
    await rm(join(place, 'speech/samples/a.wav'));
    await rm(join(place, 'speech/samples/README'));
    const { judge } = await commandCanary(any, 'speech', [place]).prepare({});
    const found = { ...written, 'manifests/b.wav.json': manifest };
    return judge(async (path) => {
      const body = found[path as keyof typeof found];
      const contentType = path.endsWith('.json') ? 'application/json' : 'text/plain';
      return body === undefined
        ? undefined
        : { body: Buffer.from(body), contentType, metadata: {} };
    });
  };

  test('a build passes with all that the manifest lists', async () => {
    expect(await judged(manifestOf('d/x.txt'), { 'b.wav.out/d/x.txt': 'x' })).toEqual([]);
  });

  test.each([
    [manifestOf(), {}, 'b.wav has no output'],
    [manifestOf('x.txt'), {}, 'b.wav.out/x.txt was not written'],
    [manifestOf('x.txt'), { 'b.wav.out/x.txt': '' }, 'b.wav.out/x.txt is empty'],
    [
      manifestOf('x.png'),
      { 'b.wav.out/x.png': 'x' },
      'b.wav.out/x.png must have the type image/png, but has text/plain',
    ],
  ])('it fails by what the manifest lists: %#', async (manifest, written, fault) => {
    expect(await judged(manifest, written)).toEqual([fault]);
  });
});
