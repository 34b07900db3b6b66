import { openPipeline, type PipelineUnderTest } from '../emulator/pipeline-under-test';
import { eventually } from '../fakes/eventually';

describe('tasks that keep failing', () => {
  let underTest: PipelineUnderTest;

  beforeAll(async () => {
    underTest = await openPipeline({
      jobsPerTask: 1,
      maxTasks: 10,
      workerEnvironment: { MAX_ATTEMPTS: 'many' },
    });
  }, 60_000);

  afterAll(() => underTest.close(), 60_000);

  test('a worker that cannot start is launched once as a fleet, then held with its ' +
    'reason', async () => {
    const { clients, pipeline, runner } = underTest;
    for (let index = 0; index < 6; index += 1) {
      const object = { Bucket: pipeline.sourceBucket, Key: `${pipeline.sourcePrefix}${index}.jpg` };
      await clients.s3.putObject({ ...object, Body: 'whatever' });
    }
    const allStopped = () => runner.tasks().every((task) => task.lastStatus === 'STOPPED');

    await underTest.scale();
    await eventually(() => runner.tasks().length >= 6 && allStopped());
    const launched = runner.tasks();
    expect(new Set(launched.map((task) => task.exitCode))).toEqual(new Set([2]));

    const held = await underTest.scale();
    expect(JSON.stringify(held)).toContain('tasks-failing');
    // The emulator has a subnet, as EC2 does.
    expect(JSON.stringify(held)).toMatch(/"freeAddresses":\{"subnet-\w+":[1-9]/);
    await eventually(allStopped);
    expect(runner.tasks().length - launched.length).toBeLessThanOrEqual(1);
  }, 60_000);
});
