import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogBudget } from './log-budget';
import type { ProcessEntry } from './process-table';
import type { Program } from './program';
import { WatchedJob } from './watched-job';

const MIB = 1024;

interface Facts {
  readonly memoryMiB?: number;
  readonly proportionalMiB?: number;
}

/** A job of these processes, whose program notes that it is killed. */
function watched(processes: readonly Facts[], folder = '/nowhere') {
  const entries = processes.map(({ memoryMiB = 1, proportionalMiB = memoryMiB }) => ({
    // No process has this id, so that none is touched.
    pid: -1,
    memoryKiB: memoryMiB * MIB,
    proportionalMemoryKiB: proportionalMiB * MIB,
  }));
  const kill = jest.fn();
  const program = { kill, resume: jest.fn(), processes: { among: () => entries } };
  const job = new WatchedJob({
    program: program as unknown as Program,
    budget: new LogBudget(),
    progress: { read: jest.fn() } as never,
    ...{ folder, memoryMiB: 100, diskMiB: 1, log: jest.fn() },
  });
  return { job, kill, table: entries as unknown as readonly ProcessEntry[] };
}

test.each([
  ['what its processes take together', [{ memoryMiB: 60 }, { memoryMiB: 60 }], 120],
  ['what one takes', [{ memoryMiB: 101 }], 101],
])('a job is killed by %s', (_what, processes, taken) => {
  const { job, kill, table } = watched(processes);
  job.look(table);
  expect(kill).toHaveBeenCalledTimes(1);
  expect(job.excess?.message).toContain(`took ${taken} MiB of memory, but may take 100`);
});

test('what processes share counts once, where that decides', () => {
  const shared = { memoryMiB: 80, proportionalMiB: 40 };
  const { job, kill, table } = watched([shared, shared]);
  job.look(table);
  expect(kill).not.toHaveBeenCalled();
  expect(job.memoryMiB).toBe(80);
});

test('the peak of its memory stays', () => {
  const processes = watched([{ memoryMiB: 50 }]);
  processes.job.look(processes.table);
  Object.assign(processes.table[0] as object, { memoryKiB: 20 * MIB });
  processes.job.look(processes.table);
  expect([processes.job.memoryMiB, processes.job.peakMemoryMiB]).toEqual([20, 50]);
});

test('a fork bomb is killed', () => {
  const { job, kill, table } = watched(Array.from({ length: 1_001 }, () => ({ memoryMiB: 0 })));
  job.look(table);
  expect(kill).toHaveBeenCalledTimes(1);
  expect(job.excess?.message).toBe('The program has 1001 processes; at most 1000 may run.');
});

test('its disk is measured for a tenth of the time, and whenever a blame rests on it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-watched-'));
  try {
    const { job } = watched([], folder);
    let time = 0;
    // A second passes whenever it is asked.
    const now = () => time++;
    const seen = [];
    for (const isForBlame of [false, false, true]) {
      await job.measure(now, isForBlame);
      seen.push(job.diskFiles);
      await writeFile(join(folder, 'new'), '');
    }
    expect(seen).toEqual([0, 0, 1]);
    time = 100;
    await writeFile(join(folder, 'newer'), '');
    await job.measure(now, false);
    expect(job.diskFiles).toBe(2);
  } finally {
    await rm(folder, { recursive: true });
  }
});
