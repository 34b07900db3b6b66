import { readEnvironment } from './environment';
import { jobsOfSize } from './job-size';
import type { WorkloadRecipe } from './workload/recipe';

const plain: WorkloadRecipe = { default: {}, parse: JSON.parse, outputs: () => [], faults: {} };
const required = {
  QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/work',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead',
  SOURCE_BUCKET: 'photos',
  DESTINATION_BUCKET: 'thumbnails',
};

test.each([
  [4, 'CPUs bound it', { cpus: 1, memoryMiB: 512 }, { cpus: 4, memoryMiB: 8192 }],
  [
    3,
    'the engine needs memory beside the jobs',
    { cpus: 1, memoryMiB: 1024 },
    { cpus: 4, memoryMiB: 4096 },
  ],
  [8, 'a job may take part of a CPU', { cpus: 0.25, memoryMiB: 100 }, { cpus: 2, memoryMiB: 2048 }],
  [1, 'a task does whole jobs', { cpus: 1.5, memoryMiB: 100 }, { cpus: 2, memoryMiB: 2048 }],
  [1, 'a task does one, however large', { cpus: 8, memoryMiB: 9000 }, { cpus: 1, memoryMiB: 512 }],
])('a task does %i at a time: %s', (jobs, _because, size, machine) => {
  expect(jobsOfSize(size, machine)).toBe(jobs);
});

test.each([
  ['as many jobs of a size as the task has room for', {}, 2],
  ['fewer where that is given', { JOB_CONCURRENCY: '1' }, 1],
  ['no more than there is room for', { JOB_CONCURRENCY: '9' }, 2],
  ['what the memory of the task allows', { MEMORY_LIMIT_MIB: '512' }, 1],
])('a worker does %s', (_what, variables, jobs) => {
  const recipe: WorkloadRecipe = { ...plain, jobSize: { cpus: 1, memoryMiB: 300 } };
  const environment = readEnvironment(
    { name: 'letters', recipe },
    { ...required, ...variables },
    { cpus: 2, memoryMiB: 2048 },
  );
  expect(environment).toMatchObject({ jobConcurrency: jobs, maxRenders: jobs });
});
