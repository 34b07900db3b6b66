import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientSettings } from '../aws/clients';
import { startEmulator } from '../emulator/start-emulator';
import type { Emulator, Pipeline } from '../ports';
import { provision } from '../provision/provision';
import { type EcsFront, startEcsFront } from './ecs-front';
import { until } from './stand-in-worker';
import { createTaskRunner, type LocalTaskRunner } from './task-runner';

describe('the task runner with a program for each image', () => {
  let emulator: Emulator;
  let front: EcsFront;
  let pipeline: Pipeline;
  let runner: LocalTaskRunner;
  let ecs: ECSClient;
  let folder: string;
  const programs: Record<string, string> = {};
  const logs = new Map<string, readonly string[]>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-test-'));
    for (const image of ['old', 'new']) {
      programs[image] = join(folder, `${image}.js`);
      await writeFile(programs[image], `console.log('this is ${image}')`);
    }
    emulator = await startEmulator();
    front = await startEcsFront(emulator.endpoint);
    pipeline = await provision(emulator.endpoint, { schedule: false, ecsEndpoint: front.endpoint });
    ecs = new ECSClient(clientSettings(front.endpoint));
    runner = createTaskRunner({
      pipeline,
      fleet: front.fleet,
      programOf: (image) => programs[image],
      writeLog: async ({ group, stream }, lines) => {
        logs.set(`${group} ${stream}`, lines);
      },
    });
    await runner.start();
  }, 120_000);

  afterAll(async () => {
    await runner?.stop();
    ecs?.destroy();
    await front?.stop();
    await emulator?.stop();
    await rm(folder, { recursive: true });
  });

  const launch = async (image: string, options?: Record<string, string>) => {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: pipeline.taskFamily,
        containerDefinitions: [
          { name: 'worker', image, ...(options && { logConfiguration: { logDriver: 'awslogs', options } }) },
        ],
      }),
    );
    const { tasks } = await ecs.send(
      new RunTaskCommand({
        cluster: pipeline.cluster,
        taskDefinition: taskDefinition?.taskDefinitionArn ?? '',
        startedBy: 'spillway-canary',
        tags: [{ key: 'spillway:canary', value: 'true' }],
      }),
    );
    const taskArn = tasks?.[0]?.taskArn ?? '';
    await until(() => front.fleet.get(taskArn)?.lastStatus === 'STOPPED');
    const described = await ecs.send(
      new DescribeTasksCommand({ cluster: pipeline.cluster, tasks: [taskArn], include: ['TAGS'] }),
    );
    return { id: taskArn.split('/').at(-1), task: described.tasks?.[0] };
  };

  it('runs the program of the image that the revision names, and hands its output to the stream that ECS names', async () => {
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

  it('hands on no output of a container that names no log', async () => {
    logs.clear();
    await launch('old');
    expect(logs.size).toBe(0);
  });

  it('fails to start a task whose image is nowhere, in the words of ECS', async () => {
    const { task } = await launch('lost');
    expect(task).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(/^CannotPullContainerError: .*lost: not found$/),
    });
    expect(task?.containers?.[0]).not.toHaveProperty('exitCode');
  });
});
