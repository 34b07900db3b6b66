import { billOfRun, type RunUse } from './run-bill';

const RUN: RunUse = {
  tasks: [
    { capacityProvider: 'FARGATE', seconds: 3 },
    { capacityProvider: 'FARGATE_SPOT', seconds: 90.5 },
  ],
  ...{ vcpus: 1, memoryGb: 2, objects: 1_000, readsPerObject: 2, uploads: 1_004, outputs: 2_000 },
  ...{ deadLetters: 2, scalerRuns: 1 },
};

test('the bill of a run counts each task for a minute, and each message alone', () => {
  const { lines } = billOfRun(RUN);
  expect(lines.map(({ what }) => what)).toEqual([
    'FARGATE: 1.0 task-minutes of 1 vCPU and 2 GB, a minute at least per task',
    'FARGATE_SPOT: 1.5 task-minutes of 1 vCPU and 2 GB, a minute at least per task',
    'Public IPv4 addresses: 2.5 task-minutes',
    'S3: 3004 PUT, 2000 GET and HEAD requests',
    'SQS: at most 3009 requests',
    'Lambda: 1 scaler run of a second and 256 MB',
  ]);
});

test('a sample replaces none, so its source is read once', () => {
  const { lines } = billOfRun({ ...RUN, readsPerObject: 1, outputs: 10 });
  expect(lines.map(({ what }) => what)).toContain('S3: 1014 PUT, 1000 GET and HEAD requests');
});
