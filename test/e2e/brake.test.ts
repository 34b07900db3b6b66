import { PutObjectCommand } from '@aws-sdk/client-s3';
import { eventually, openStand, type Stand } from './stand';

describe('tasks that keep failing', () => {
  let stand: Stand;

  beforeAll(async () => {
    stand = await openStand({
      jobsPerTask: 1,
      maxTasks: 10,
      workerEnvironment: { MAX_ATTEMPTS: 'many' },
    });
  }, 60_000);

  afterAll(() => stand.close(), 60_000);

  test('a worker that cannot start is launched once as a fleet, then held with its reason', async () => {
    const { s3, pipeline, runner } = stand;
    for (let index = 0; index < 6; index += 1) {
      const object = { Bucket: pipeline.sourceBucket, Key: `${pipeline.sourcePrefix}${index}.jpg` };
      await s3.send(new PutObjectCommand({ ...object, Body: 'whatever' }));
    }
    const allStopped = () => runner.tasks().every((task) => task.lastStatus === 'STOPPED');

    await stand.scale();
    await eventually(() => runner.tasks().length >= 6 && allStopped());
    const launched = runner.tasks();
    expect(new Set(launched.map((task) => task.exitCode))).toEqual(new Set([2]));

    const held = await stand.scale();
    expect(JSON.stringify(held)).toContain('tasks-failing');
    // The emulator tells of its subnet, as EC2 does.
    expect(JSON.stringify(held)).toMatch(/"freeAddresses":\{"subnet-\w+":[1-9]/);
    await eventually(allStopped);
    expect(runner.tasks().length - launched.length).toBeLessThanOrEqual(1);
  }, 60_000);
});
