import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECS } from '@aws-sdk/client-ecs';
import { openPipeline, type PipelineUnderTest } from '../../test/emulator/pipeline-under-test';
import { eventually } from '../../test/fakes/eventually';
import { clientSettings } from '../aws/clients';
import type { LogStream } from './ecs-tasks';

describe('the task runner with a program for each image', () => {
  let underTest: PipelineUnderTest;
  let ecs: ECS;
  let folder: string;
  const programs: Record<string, string> = {};
  const logs = new Map<string, readonly string[]>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-test-'));
    for (const image of ['old', 'new']) {
      programs[image] = join(folder, `${image}.js`);
      await writeFile(programs[image], `console.log('this is ${image}')`);
    }
    const images = {
      programOf: (image: string) => programs[image],
      writeLog: async ({ group, stream }: LogStream, lines: readonly string[]) => {
        logs.set(`${group} ${stream}`, lines);
      },
    };
    underTest = await openPipeline({}, images);
    ecs = new ECS(clientSettings(underTest.pipeline.ecsEndpoint));
  }, 120_000);

  afterAll(async () => {
    ecs?.destroy();
    await underTest?.close();
    await rm(folder, { recursive: true });
  });

  const launch = async (image: string, options?: Record<string, string>) => {
    const { pipeline, runner } = underTest;
    const { taskDefinition } = await ecs.registerTaskDefinition({
      family: pipeline.taskFamily,
      containerDefinitions: [
        {
          name: 'worker',
          image,
          ...(options && { logConfiguration: { logDriver: 'awslogs', options } }),
        },
      ],
    });
    const { tasks } = await ecs.runTask({
      cluster: pipeline.cluster,
      taskDefinition: taskDefinition?.taskDefinitionArn ?? '',
      startedBy: 'spillway-canary',
      tags: [{ key: 'spillway:canary', value: 'true' }],
    });
    const taskArn = tasks?.[0]?.taskArn ?? '';
    await eventually(() =>
      runner.tasks().some((task) => task.taskArn === taskArn && task.lastStatus === 'STOPPED'),
    );
    const described = await ecs.describeTasks({
      cluster: pipeline.cluster,
      tasks: [taskArn],
      include: ['TAGS'],
    });
    return { id: taskArn.split('/').at(-1), task: described.tasks?.[0] };
  };

  test('runs the program of the image, and writes its output to its stream', async () => {
    const options = { 'awslogs-group': '/group', 'awslogs-stream-prefix': 'worker' };
    const first = await launch('old', options);
    const second = await launch('new', options);
    expect(logs).toEqual(
      new Map([
        [`/group worker/worker/${first.id}`, ['this is old']],
        [`/group worker/worker/${second.id}`, ['this is new']],
      ]),
    );
    expect(second.task).toMatchObject({
      startedBy: 'spillway-canary',
      tags: [{ key: 'spillway:canary', value: 'true' }],
      containers: [{ exitCode: 0 }],
    });
  });

  test('writes no output of a container that names no log', async () => {
    logs.clear();
    await launch('old');
    expect(logs.size).toBe(0);
  });

  test('fails to start a task whose image does not exist, in the words of ECS', async () => {
    const { task } = await launch('lost');
    expect(task).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(/^CannotPullContainerError: .*lost: not found$/),
    });
    expect(task?.containers?.[0]).not.toHaveProperty('exitCode');
  });
});
