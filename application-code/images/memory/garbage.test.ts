import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { MIB } from './estimate';
import { GarbageLimit } from './garbage';
import { SourceBuffers } from './source-buffers';

function limitWith(externalMiB: number) {
  const collect = jest.fn();
  const buffers = new SourceBuffers();
  const collector = { externalBytes: () => externalMiB * MIB, collect };
  return { collect, buffers, limit: new GarbageLimit(buffers, collector) };
}

describe('dead buffers', () => {
  test.each([
    ['are left alone while they are few', 100, 85, 0, 0],
    ['are freed when they are many', 100, 80, 0, 1],
    ['may lie in half of what is free', 100, 75, 20, 0],
    ['are freed when they are more than that', 100, 75, 10, 1],
    ['do not exist when everything is in use', 500, 500, 0, 0],
  ])('%s', (_, externalMiB, liveMiB, freeMiB, times) => {
    const { collect, limit } = limitWith(externalMiB);
    limit.enforce(liveMiB * MIB, freeMiB * MIB);
    expect(collect).toHaveBeenCalledTimes(times);
  });

  test('take the buffers that are kept with them', () => {
    const { buffers, limit } = limitWith(100);
    const source = buffers.allocate(8 * MIB);
    buffers.keep(source);
    limit.enforce(0, 0);
    expect(buffers.allocate(8 * MIB).buffer).not.toBe(source.buffer);
  });

  test('are really freed', () => {
    const limit = new GarbageLimit(new SourceBuffers());
    const before = process.memoryUsage().external;
    for (let made = 0; made < 20; made += 1) {
      Buffer.alloc(16 * MIB, 1);
      limit.enforce(before, 0);
    }
    limit.enforce(0, 0);
    expect(process.memoryUsage().external - before).toBeLessThan(100 * MIB);
  });

  test('make V8 collect less often by itself while there is room for them', () => {
    const entryPoints = [join(__dirname, 'garbage-child.ts')];
    const built = buildSync({ entryPoints, bundle: true, write: false, platform: 'node' });
    const input = built.outputFiles[0]?.text ?? '';
    const collections = (kind: string) =>
      Number(
        execFileSync(process.execPath, ['--single-threaded-gc', '-', kind], { input }).toString(),
      );
    expect(collections('limited')).toBeLessThan(collections('plain'));
  });
});
