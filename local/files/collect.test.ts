import { LocalModeError } from '../../folder/errors';
import { Collector } from './collect';
import type { OutFolder } from './out-folder';

async function* bytes() {
  yield Buffer.from('abc');
}

function collecting({ keep = false, write }: { keep?: boolean; write?: OutFolder['write'] } = {}) {
  const stored = new Set(['done/s/a', 'done/l/a', 'done/s/b', 'done/l/b']);
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
      return { body: bytes(), bytes: 3 };
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
  return { collector, stored, told };
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
