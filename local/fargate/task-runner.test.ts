import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { eventually } from '../../test/fakes/eventually';
import { FAKE_WORKER, type RunnerReports } from '../../test/fakes/local/fake-worker';
import { clientSettings } from '../aws/clients';
import { type EcsProxy, startEcsProxy } from '../ecs/ecs-proxy';
import { startEmulator } from '../emulator/start-emulator';
import type { Emulator, Pipeline } from '../ports';
import { provision } from '../provision/provision';
import { createTaskRunner, type LocalTaskRunner } from './task-runner';

describe('the task runner behind its ECS proxy, on the emulator', () => {
  let emulator: Emulator;
  let proxy: EcsProxy;
  let pipeline: Pipeline;
  let runner: LocalTaskRunner;
  let ecs: ECSClient;
  let folder: string;
  const told: RunnerReports = { jobs: [], stopped: new Map() };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-test-'));
    const program = join(folder, 'worker.js');
    await writeFile(program, FAKE_WORKER);
    emulator = await startEmulator();
    proxy = await startEcsProxy(emulator.endpoint);
    const settings = {
      schedule: false,
      ecsEndpoint: proxy.endpoint,
      stopTimeoutSeconds: 1,
      memoryMiB: 4096,
    };
    pipeline = await provision(emulator.endpoint, settings);
    ecs = new ECSClient(clientSettings(proxy.endpoint));
    runner = createTaskRunner({
      pipeline,
      fleet: proxy.fleet,
      program,
      spotNoticeSeconds: 1,
      events: {
        onJob: (line, task) => told.jobs.push([line.key, task.taskArn]),
        onTaskStopped: (task, logTail) => told.stopped.set(task.taskArn, { task, logTail }),
      },
    });
    await runner.start();
  }, 120_000);

  afterAll(async () => {
    // `beforeAll` may have failed half-way. An emulator that continues would keep jest alive.
    await runner?.stop();
    ecs?.destroy();
    await proxy?.stop();
    await emulator?.stop();
    await rm(folder, { recursive: true });
  });

  const launch = async (behaviour: string, more: object = {}): Promise<string> => {
    const { tasks } = await ecs.send(new RunTaskCommand(runTask(behaviour, more)));
    return tasks?.[0]?.taskArn ?? '';
  };
  const runTask = (behaviour: string, more: object = {}) => ({
    cluster: pipeline.cluster,
    taskDefinition: pipeline.taskFamily,
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    overrides: {
      containerOverrides: [
        { name: 'worker', environment: [{ name: 'BEHAVIOUR', value: behaviour }] },
      ],
    },
    ...more,
  });
  const describeTask = async (taskArn: string) => {
    const { tasks } = await ecs.send(
      new DescribeTasksCommand({ cluster: pipeline.cluster, tasks: [taskArn] }),
    );
    return tasks?.[0];
  };
  const stopOf = (taskArn: string) => eventually(() => told.stopped.get(taskArn));
  const readyOf = (taskArn: string) =>
    eventually(() => told.jobs.some(([, arn]) => arn === taskArn));

  test('runs a task in a process, and reports jobs, exit code and log', async () => {
    const taskArn = await launch('fail');
    const { task, logTail } = await stopOf(taskArn);
    expect(told.jobs).toContainEqual(['a b.jpg', taskArn]);
    expect(logTail).toContain('it broke');
    expect(task).toMatchObject({
      lastStatus: 'STOPPED',
      exitCode: 75,
      capacityProvider: 'FARGATE',
    });
    expect(await describeTask(taskArn)).toMatchObject({
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      startedAt: expect.any(Date),
      stoppedAt: expect.any(Date),
      containers: [{ name: 'worker', lastStatus: 'STOPPED', exitCode: 75 }],
    });
    const list = new ListTasksCommand({
      cluster: pipeline.cluster,
      family: pipeline.taskFamily,
      desiredStatus: 'STOPPED',
    });
    expect((await ecs.send(list)).taskArns).toContain(taskArn);
  });

  test('starts a process with the variables of its task and no variable of ours', async () => {
    process.env.AWS_PROFILE = 'production';
    process.env.SPILLWAY_TEST_SECRET = 'secret';
    try {
      const taskArn = await launch('tell');
      const { logTail } = await stopOf(taskArn);
      const line = logTail.find((text) => text.includes('"environment"')) ?? '{}';
      const { environment, folder: own } = JSON.parse(line) as {
        environment: Record<string, string>;
        folder: string;
      };
      expect(environment).toMatchObject({
        QUEUE_URL: pipeline.queueUrl,
        SOURCE_BUCKET: pipeline.sourceBucket,
        BEHAVIOUR: 'tell',
        MEMORY_LIMIT_MIB: '4096',
        AWS_ENDPOINT_URL: pipeline.endpoint,
        AWS_ACCESS_KEY_ID: '123456789012',
        AWS_CONFIG_FILE: '/dev/null',
        HOME: own,
        TMPDIR: own,
      });
      expect(environment).not.toHaveProperty('AWS_PROFILE');
      expect(environment).not.toHaveProperty('SPILLWAY_TEST_SECRET');
      await expect(access(own)).rejects.toThrow('ENOENT');
    } finally {
      delete process.env.AWS_PROFILE;
      delete process.env.SPILLWAY_TEST_SECRET;
    }
  });

  test('shows a task as PENDING at its launch and as RUNNING once its process runs', async () => {
    const { tasks } = await ecs.send(new RunTaskCommand(runTask('wait')));
    expect(tasks?.[0]?.lastStatus).toBe('PENDING');
    const taskArn = tasks?.[0]?.taskArn ?? '';
    await readyOf(taskArn);
    expect(await describeTask(taskArn)).toMatchObject({
      lastStatus: 'RUNNING',
      startedAt: expect.any(Date),
    });
    runner.killTask(taskArn, 'SIGKILL');
    expect((await stopOf(taskArn)).task).toMatchObject({ exitCode: 137 });
    expect(await describeTask(taskArn)).toMatchObject({ stopCode: 'EssentialContainerExited' });
  });

  test('drains a task after StopTask, and shows it as stopping meanwhile', async () => {
    const taskArn = await launch('drain');
    await readyOf(taskArn);
    const { task } = await ecs.send(
      new StopTaskCommand({ cluster: pipeline.cluster, task: taskArn, reason: 'rollback' }),
    );
    expect(task?.lastStatus).not.toBe('STOPPED');
    expect((await stopOf(taskArn)).task).toMatchObject({ exitCode: 0, stoppedReason: 'rollback' });
    expect(await describeTask(taskArn)).toMatchObject({
      stopCode: 'UserInitiated',
      containers: [{ exitCode: 0 }],
    });
  });

  test('kills a task that ignores SIGTERM when its stop timeout has passed', async () => {
    const taskArn = await launch('stubborn');
    await readyOf(taskArn);
    await ecs.send(new StopTaskCommand({ cluster: pipeline.cluster, task: taskArn }));
    expect((await stopOf(taskArn)).task).toMatchObject({
      exitCode: 137,
      stoppedReason: 'Task stopped by user',
    });
  });

  test('reclaims Spot capacity, and no other', async () => {
    const onDemand = await launch('drain');
    const spot = await launch('drain', {
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    });
    await Promise.all([readyOf(onDemand), readyOf(spot)]);
    expect(() => runner.reclaimSpot(onDemand)).toThrow(
      'Only a task on FARGATE_SPOT can be reclaimed',
    );
    runner.reclaimSpot(spot);
    expect((await stopOf(spot)).task).toMatchObject({
      exitCode: 0,
      capacityProvider: 'FARGATE_SPOT',
    });
    expect(await describeTask(spot)).toMatchObject({
      stopCode: 'SpotInterruption',
      capacityProviderName: 'FARGATE_SPOT',
    });
    runner.killTask(onDemand, 'SIGKILL');
    await stopOf(onDemand);
  });

  test('fails before any task when the program of the tasks has not been built', async () => {
    const unbuilt = createTaskRunner({
      pipeline,
      fleet: proxy.fleet,
      program: join(folder, 'missing.js'),
    });
    await expect(unbuilt.start()).rejects.toMatchObject({
      name: 'LocalModeError',
      message: expect.stringContaining('npm run build'),
    });
    await unbuilt.stop();
  });

  test('finds tasks that were launched past the proxy', async () => {
    const direct = new ECSClient(clientSettings(emulator.endpoint));
    const { tasks } = await direct.send(new RunTaskCommand(runTask('exit')));
    direct.destroy();
    expect((await stopOf(tasks?.[0]?.taskArn ?? '')).task).toMatchObject({ exitCode: 0 });
  });

  test('drains the running tasks when it is stopped, and leaves no folder behind', async () => {
    const [draining, telling] = [await launch('drain'), await launch('tell')];
    await readyOf(draining);
    const { logTail } = await stopOf(telling);
    const { folder: own } = JSON.parse(
      logTail.find((text) => text.includes('"folder"')) ?? '{}',
    ) as {
      folder: string;
    };
    await runner.stop();
    await runner.stop();
    expect((await stopOf(draining)).task).toMatchObject({
      exitCode: 0,
      stoppedReason: 'The local run ends',
    });
    expect(runner.tasks().every(({ lastStatus }) => lastStatus === 'STOPPED')).toBe(true);
    await expect(access(join(own, '..'))).rejects.toThrow('ENOENT');
  });
});
