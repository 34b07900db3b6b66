import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '../../../../test/fakes/clock';
import { s3Event } from '../../../../test/fakes/worker/events';
import {
  deliveryFacts,
  FakeOutputs,
  FakeSources,
} from '../../../../test/fakes/worker/fake-buckets';
import { TransientFault } from '../faults';
import type { Output, Processor } from '../workload/workload';
import { runJob } from './job';
import { outputPlans, parseManifest } from './manifest';
import { readMessage } from './messages';

const KEY = 'in/scenes/a.zip';
const MANIFEST = 'done/manifests/scenes/a.zip.json';
const settings = {
  sourceBucket: 'photos',
  sourcePrefix: 'in/',
  destinationPrefix: 'done/',
  outputs: outputPlans({ outputs: () => 'manifest' }, { argv: ['./render'] }),
  maxSourceBytes: 100,
};

let sources: FakeSources;
let destination: FakeOutputs;

beforeEach(() => {
  sources = new FakeSources();
  destination = new FakeOutputs();
});

const png = (name: string, body: Output['body'] = Buffer.from(name)): Output => ({
  ...{ name, body, contentType: 'image/png' },
});

async function run(makes: () => readonly Output[], key = KEY) {
  sources.put(key, 'scene');
  const processor: Processor = { process: async () => ({ outputs: makes() }) };
  const [result] = await runJob(readMessage(s3Event(key), settings), {
    settings,
    ports: { sources, destination, processor, clock: new FakeClock() },
    delivery: deliveryFacts(),
    signal: new AbortController().signal,
    onWrite: () => undefined,
  });
  return result;
}

const manifest = () => parseManifest(destination.written.text(MANIFEST) ?? '');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('outputs whose keys are not known before', () => {
  test('lie below the folder of their source, and a manifest after them lists them', async () => {
    const order: string[] = [];
    destination.failing = (key) => void order.push(key);
    const result = await run(() => [png('b.png'), png('frames/1.png'), png('a/é.png')]);
    expect(result).toMatchObject({ outcome: 'done', renditions: [MANIFEST] });
    const folder = 'done/scenes/a.zip.out/';
    const names = ['a/é.png', 'b.png', 'frames/1.png'];
    expect(destination.written.keys()).toEqual([
      MANIFEST,
      ...names.map((name) => `${folder}${name}`),
    ]);
    expect(order.at(-1)).toBe(MANIFEST);
    const { source, recipeHash, outputs } = manifest();
    expect(source).toEqual({ bucket: 'photos', key: KEY, etag: '"v1"', bytes: 5 });
    expect(outputs).toEqual(
      names.map((name) => ({
        key: `${folder}${name}`,
        bytes: Buffer.byteLength(name),
        sha256: sha256(name),
        contentType: 'image/png',
      })),
    );
    for (const { metadata } of destination.written.values())
      expect(metadata).toEqual({ 'source-etag': '"v1"', 'recipe-hash': recipeHash });
  });

  test('may be files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spillway-listed-'));
    const file = join(folder, 'film.mp4');
    await writeFile(file, 'a film');
    await run(() => [png('film.mp4', { file })]);
    expect(manifest().outputs).toMatchObject([{ bytes: 6, sha256: sha256('a film') }]);
    await rm(folder, { recursive: true });
  });

  test('may be none', async () => {
    expect(await run(() => [])).toMatchObject({ outcome: 'done' });
    expect(manifest().outputs).toEqual([]);
  });

  test('have no manifest when one of them cannot be written, nor one under way', async () => {
    destination.failing = (key) =>
      key.endsWith('/2') ? new TransientFault('DestinationUnavailable', 'SlowDown') : undefined;
    const makes = () => [1, 2, 3, 4, 5, 6].map((number) => png(`${number}`));
    expect(await run(makes)).toMatchObject({ outcome: 'failed' });
    expect(destination.written.get(MANIFEST)).toBeUndefined();
    expect(destination.writes).toBe(4);
  });

  test('are those of the newest version, and the manifest lists no other', async () => {
    let rounds = 0;
    const result = await run(() => {
      rounds += 1;
      if (rounds > 1) return [png('new.png')];
      sources.put(KEY, 'newer');
      return [png('old.png')];
    });
    expect([result?.outcome, rounds]).toEqual(['done', 2]);
    expect(manifest()).toMatchObject({
      source: { etag: '"v2"' },
      outputs: [{ key: 'done/scenes/a.zip.out/new.png' }],
    });
    expect(destination.written.text('done/scenes/a.zip.out/old.png')).toBe('old.png');
  });

  test.each(['', '/a', 'a/', 'a//b', '.', '../a', 'a/./b', 'a/..', '\ud800'])(
    'fail when one is called %j, and nothing is written',
    async (name) => {
      expect(await run(() => [png('fine'), png(name)])).toMatchObject({
        outcome: 'failed',
        fault: { code: 'Internal', message: expect.stringContaining('each output once') },
      });
      expect(destination.writes).toBe(0);
    },
  );

  test('fail when two have one name', async () => {
    expect(await run(() => [png('a'), png('a')])).toMatchObject({ outcome: 'failed' });
    expect(destination.writes).toBe(0);
  });

  test('fail when a key would be too long, and the reason names the output', async () => {
    const name = `frames/${'x'.repeat(1_000)}`;
    expect(await run(() => [png(name)])).toMatchObject({
      fault: { name: 'PermanentFault', code: 'KeyTooLong', message: expect.stringContaining(name) },
    });
  });
});

describe('a source key in a folder that ends in `.out`', () => {
  test('fails, since its outputs would lie among those of another source', async () => {
    expect(await run(() => [png('a')], 'in/scenes/a.zip.out/b.zip')).toMatchObject({
      outcome: 'failed',
      fault: {
        name: 'PermanentFault',
        code: 'KeyReserved',
        message: expect.stringMatching(/rename/),
      },
    });
    expect([destination.writes, sources.opened]).toEqual([0, []]);
  });

  test('is another one than a file whose name ends so', async () => {
    expect(await run(() => [png('a')], 'in/scenes/a.out')).toMatchObject({ outcome: 'done' });
  });
});
