import { taskSizeFor } from './settings';

describe('taskSizeFor', () => {
  test.each([
    ['no size of their own', undefined, { cpuUnits: 1_024, memoryMiB: 2_048 }],
    ['less than a task has', { cpus: 0.5, memoryMiB: 100 }, { cpuUnits: 1_024, memoryMiB: 2_048 }],
    ['more CPUs', { cpus: 1.5, memoryMiB: 512 }, { cpuUnits: 2_048, memoryMiB: 4_096 }],
    [
      'as much memory as a task, which needs some itself',
      { cpus: 1, memoryMiB: 2_048 },
      { cpuUnits: 1_024, memoryMiB: 3_072 },
    ],
    [
      'more memory than tasks of so few CPUs can have',
      { cpus: 1, memoryMiB: 30_000 },
      { cpuUnits: 4_096, memoryMiB: 30_720 },
    ],
  ])('is a legal one for jobs of %s', (_what, job, size) => {
    expect(taskSizeFor(job)).toEqual(size);
  });
});
