import { execFileSync } from 'node:child_process';
import { costOf } from './process-cost';

const onLinux = process.platform === 'linux' ? test : test.skip;

describe('the cost of a process', () => {
  onLinux('grows with its work, and its peak is that of its memory', () => {
    const before = costOf(process.pid);
    const held = Buffer.alloc(64 * 1024 * 1024, 1);
    const end = process.cpuUsage().user + 100_000;
    while (process.cpuUsage().user < end) held[0] = (held[0] ?? 0) + 1;
    const after = costOf(process.pid);
    expect(after.cpuMilliseconds - before.cpuMilliseconds).toBeGreaterThanOrEqual(80);
    expect(after.peakRssMiB).toBeGreaterThanOrEqual(64);
  });

  onLinux('holds the work of children that have ended', () => {
    const before = costOf(process.pid);
    const work = 'const end = Date.now() + 150; while (Date.now() < end);';
    execFileSync(process.execPath, ['-e', work]);
    expect(costOf(process.pid).cpuMilliseconds - before.cpuMilliseconds).toBeGreaterThan(50);
  });

  onLinux('fails for a process that has ended', () => {
    expect(() => costOf(2 ** 30)).toThrow('ENOENT');
  });
});
