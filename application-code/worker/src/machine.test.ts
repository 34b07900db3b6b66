import { availableParallelism } from 'node:os';
import { thisMachine } from './machine';

function withFiles(files: Record<string, string>) {
  return thisMachine((path) => {
    const text = files[path];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  });
}

test.each<[Record<string, string>, number, string]>([
  [{}, availableParallelism(), 'no control group'],
  [{ '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, availableParallelism(), 'no quota'],
  [{ '/sys/fs/cgroup/cpu.max': '25000 100000\n' }, 1, 'a quarter of a CPU'],
  [{ '/sys/fs/cgroup/cpu.max': '100000 100000\n' }, 1, 'one CPU'],
  [
    {
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    availableParallelism(),
    'no quota in version 1',
  ],
  [
    {
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    1,
    'half a CPU in version 1',
  ],
])('given %j the worker has %i CPUs: %s', (files, cpus) => {
  expect(withFiles(files).cpus).toBe(cpus);
});

test('the worker has a positive and finite amount of memory', () => {
  const { memoryMiB } = thisMachine();
  expect(memoryMiB).toBeGreaterThan(0);
  expect(Number.isSafeInteger(memoryMiB)).toBe(true);
});
