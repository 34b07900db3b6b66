import { oomKills } from './oom';

/** Reads files of this content, and no others. */
const system = (files: Readonly<Record<string, string>>) => (path: string) => {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT: ${path}`);
  return text;
};

const machine = { '/proc/vmstat': 'nr_free_pages 7\noom_kill 9\ndrop_pagecache 0\n' };

test.each([
  ['version 2', '/sys/fs/cgroup/memory.events', 'low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\n'],
  ['version 1', '/sys/fs/cgroup/memory/memory.oom_control', 'under_oom 0\noom_kill 2\n'],
])('what the kernel killed is counted by the control group, %s', (_version, path, text) => {
  expect(oomKills(system({ ...machine, [path]: text }))).toBe(2);
});

test('without one it is counted by the machine', () => {
  expect(oomKills(system(machine))).toBe(9);
});

test('where nothing counts, it is 0', () => {
  expect(oomKills(system({}))).toBe(0);
});
