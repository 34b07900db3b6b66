import { manifestText } from '../../application-code/worker/src/job/manifest';
import { LocalModeError } from '../../folder/errors';
import { Collector } from './collect';
import type { OutFolder } from './out-folder';

async function* bytes(body = 'abc') {
  yield Buffer.from(body);
}

function collecting({ keep = false, write }: { keep?: boolean; write?: OutFolder['write'] } = {}) {
  const stored = new Set(['done/s/a', 'done/l/a', 'done/s/b', 'done/l/b']);
  const bodies = new Map<string, string>();
  const told: string[] = [];
  const out = {
    folder: '/out',
    write: write ?? (async (key: string) => ({ path: `/out/${key}`, bytes: 3 })),
    writePage: async () => '',
    close: async () => undefined,
  };
  const bucket = {
    async get(key: string) {
      if (!stored.has(key)) throw new Error(`NoSuchKey ${key}`);
      return { body: bytes(bodies.get(key)), bytes: 3 };
    },
    async remove(key: string) {
      stored.delete(key);
    },
    metadataOf: async (key: string) => (stored.has(key) ? {} : undefined),
  };
  const collector = new Collector(
    { bucket, out, destinationPrefix: 'done/', concurrency: 2, keep },
    {
      onCollected: async ({ sourceKey }, outputs) => {
        told.push(`${sourceKey}: ${outputs.map((one) => one.path).join(' ')}`);
        expect(outputs.every((one) => stored.has(one.key))).toBe(true);
      },
      onFailed: ({ sourceKey }, error) =>
        told.push(`${sourceKey} failed: ${(error as Error).message}`),
      onFatal: (error) => told.push(`fatal: ${error.message}`),
    },
  );
  return { collector, stored, bodies, told };
}

const job = (name: string) => ({
  sourceKey: name,
  outputs: ['s', 'l'].map((size) => ({ name: size, key: `done/${size}/${name}` })),
});

describe('Collector', () => {
  test('fetches all outputs of a job, reports them, and only then removes them', async () => {
    const { collector, stored, told } = collecting();
    collector.add(job('a'));
    await collector.finished();
    expect(told).toEqual(['a: /out/s/a /out/l/a']);
    expect([...stored]).toEqual(['done/s/b', 'done/l/b']);
  });

  describe('of a job whose outputs a manifest lists', () => {
    const manifest = { name: 'manifest', key: 'done/manifests/a.zip.json', isManifest: true };
    const listing = (...names: readonly string[]) => {
      const keys = names.map((name) => `done/a.zip.out/${name}`);
      const outputs = keys.map((key) => ({ key, bytes: 3, sha256: '', contentType: 'image/png' }));
      const source = { bucket: 'in', key: 'in/a.zip', etag: '"1"', bytes: 1 };
      const collected = collecting();
      for (const key of [...keys, manifest.key]) collected.stored.add(key);
      collected.bodies.set(manifest.key, manifestText({ source, recipeHash: 'a', outputs }));
      collected.collector.add({ sourceKey: 'in/a.zip', outputs: [manifest] });
      return collected;
    };

    test('fetches what is listed and then the manifest, and removes all of it', async () => {
      const { collector, stored, told } = listing('1.png', 'b/2.png');
      await collector.finished();
      expect(told).toEqual([
        'in/a.zip: /out/a.zip.out/1.png /out/a.zip.out/b/2.png /out/manifests/a.zip.json',
      ]);
      expect([...stored]).toEqual(['done/s/a', 'done/l/a', 'done/s/b', 'done/l/b']);
    });
  });

  test('takes a job once, even when its message came several times', async () => {
    const { collector, told } = collecting();
    for (let time = 0; time < 3; time++) collector.add(job('a'));
    await collector.finished();
    collector.add(job('a'));
    await collector.finished();
    expect(told).toHaveLength(1);
  });

  test('leaves everything in the bucket with keep', async () => {
    const { collector, stored } = collecting({ keep: true });
    collector.add(job('a'));
    await collector.finished();
    expect(stored.size).toBe(4);
  });

  test('fails when an output does not exist, reports no half, and can be asked again', async () => {
    const { collector, stored, told } = collecting();
    stored.delete('done/l/a');
    collector.add(job('a'));
    await collector.finished();
    expect(told).toEqual(['a failed: NoSuchKey done/l/a']);
    stored.add('done/l/a');
    collector.add(job('a'));
    await collector.finished();
    expect(told[1]).toBe('a: /out/s/a /out/l/a');
  });

  test('fails when an output lies outside the destination prefix', async () => {
    const { collector, told } = collecting();
    collector.add({ sourceKey: 'a', outputs: [{ name: 's', key: 'elsewhere/a' }] });
    await collector.finished();
    expect(told[0]).toContain('is not below the destination prefix');
  });

  test('stops when nothing can be written any longer, and removes nothing', async () => {
    const write = async () => {
      throw new LocalModeError('the disk is full');
    };
    const { collector, stored, told } = collecting({ write });
    collector.add(job('a'));
    await collector.finished();
    collector.add(job('b'));
    await collector.finished();
    expect(told).toEqual(['fatal: the disk is full']);
    expect(stored.size).toBe(4);
  });
});
