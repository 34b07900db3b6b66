import { setTimeout as delay } from 'node:timers/promises';
import { ListTasksCommand } from '@aws-sdk/client-ecs';
import { ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import {
  GetParametersByPathCommand,
  PutParameterCommand,
  paginateGetParametersByPath,
} from '@aws-sdk/client-ssm';
import { readEnvironment as readWorkerEnvironment } from '../../application-code/worker/src/environment';
import { DEFAULT_WORKLOAD, recipeOf } from '../../application-code/workloads';
import { readEnvironment as readScalerEnvironment } from '../../lambda/scaler/environment';
import { type Clients, createClients } from '../aws/clients';
import { callEvents } from '../aws/json-calls';
import { startEmulator } from '../emulator/start-emulator';
import { awsEnvironment } from '../environment';
import type { Emulator, Pipeline } from '../ports';
import { invokeScaler } from '../run/scaler-calls';
import { provision, scalerVariables, workerVariables } from './provision';
import { LOCAL_DEFAULTS, type LocalSettings, namesOf } from './settings';
import { tearDown } from './teardown';

describe('provision, on the emulator', () => {
  let emulator: Emulator;
  let pipeline: Pipeline;
  let clients: Clients;

  beforeAll(async () => {
    emulator = await startEmulator();
    pipeline = await provision(emulator.endpoint, { maxAttempts: 3 });
    clients = createClients(emulator.endpoint);
  }, 120_000);

  afterAll(async () => {
    // `beforeAll` may have failed half-way. An emulator that continues would keep jest alive.
    clients?.destroy();
    await emulator?.stop();
  });

  test('notifies about every new object below the source prefix, and no other', async () => {
    for (const Key of ['ecsproc/Été 1.JPG', 'elsewhere/a.jpg']) {
      await clients.s3.send(
        new PutObjectCommand({ Bucket: pipeline.sourceBucket, Key, Body: 'x' }),
      );
    }
    const receive = new ReceiveMessageCommand({
      QueueUrl: pipeline.queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      VisibilityTimeout: 0,
    });
    const { Messages = [] } = await clients.sqs.send(receive);
    const bodies = Messages.map(({ Body = '' }) => Body);
    expect(bodies.some((body) => body.includes('ecsproc/%C3%89t%C3%A9+1.JPG'))).toBe(true);
    expect(bodies.some((body) => body.includes('elsewhere'))).toBe(false);
  });

  test('lets the queue move a message two receives after the worker would have', async () => {
    const get = new GetQueueAttributesCommand({
      QueueUrl: pipeline.queueUrl,
      AttributeNames: ['All'],
    });
    const { Attributes = {} } = await clients.sqs.send(get);
    expect(JSON.parse(Attributes.RedrivePolicy ?? '{}')).toMatchObject({
      maxReceiveCount: 5,
      deadLetterTargetArn: expect.stringContaining(
        new URL(pipeline.deadLetterQueueUrl).pathname.split('/').at(-1) ?? '',
      ),
    });
    expect(Attributes).toMatchObject({
      MessageRetentionPeriod: '864000',
      VisibilityTimeout: '120',
    });
  });

  test('starts every knob as configured and promotes the revision that it registered', async () => {
    const values: Record<string, string | undefined> = {};
    const query = { Path: pipeline.parameterPath };
    for await (const page of paginateGetParametersByPath({ client: clients.ssm }, query))
      for (const { Name = '', Value } of page.Parameters ?? [])
        values[Name.replace(pipeline.parameterPath, '')] = Value;
    expect(values).toEqual({
      enabled: 'configured',
      'max-tasks': 'configured',
      'min-tasks': 'configured',
      'jobs-per-task': 'configured',
      steps: 'configured',
      'drain-within-minutes': 'configured',
      'on-demand-base': 'configured',
      'on-demand-weight': 'configured',
      'spot-weight': 'configured',
      'task-definition': `${pipeline.taskFamily}:1`,
      recipe: 'none',
    });
  });

  test('runs the scaler from its bundle every minute', async () => {
    const { Schedules = [] } = await clients.scheduler.send(new ListSchedulesCommand({}));
    expect(Schedules.map(({ Target }) => Target?.Arn)).toEqual([
      expect.stringContaining(pipeline.scalerFunctionName),
    ]);
  });

  test('lets the scaler launch tasks for the backlog when it is invoked', async () => {
    const line = await invokeScaler(pipeline);
    expect(line).toMatchObject({ event: 'scale', decided: { action: 'launch' } });
    const list = new ListTasksCommand({ cluster: pipeline.cluster, family: pipeline.taskFamily });
    expect((await clients.ecs.send(list)).taskArns).toHaveLength(1);
  });

  test("fails when the scaler fails, with the function's own message", async () => {
    const Name = `${pipeline.parameterPath}max-tasks`;
    await clients.ssm.send(new PutParameterCommand({ Name, Value: 'ten', Overwrite: true }));
    await expect(invokeScaler(pipeline)).rejects.toThrow(/The scaler failed: .*max-tasks must be/s);
  });

  test('deletes all of one pipeline, twice, and nothing of another one', async () => {
    const neighbour = await provision(emulator.endpoint);
    await clients.s3.send(
      new PutObjectCommand({
        Bucket: pipeline.destinationBucket,
        Key: 'processed/a.jpg',
        Body: 'x',
      }),
    );
    await tearDown(pipeline);
    await tearDown(pipeline);
    const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name).sort()).toEqual([
      neighbour.destinationBucket,
      neighbour.sourceBucket,
    ]);
    const { QueueUrls = [] } = await clients.sqs.send(new ListQueuesCommand({}));
    expect(QueueUrls.sort()).toEqual([neighbour.deadLetterQueueUrl, neighbour.queueUrl]);
    const { Functions = [] } = await clients.lambda.send(new ListFunctionsCommand({}));
    expect(Functions.map(({ FunctionName }) => FunctionName)).toEqual([
      neighbour.scalerFunctionName,
    ]);
    const { Schedules = [] } = await clients.scheduler.send(new ListSchedulesCommand({}));
    expect(Schedules.map(({ Name }) => Name)).toEqual([neighbour.scalerFunctionName]);
    const { Parameters = [] } = await clients.ssm.send(
      new GetParametersByPathCommand({ Path: pipeline.parameterPath }),
    );
    expect(Parameters).toEqual([]);
  });

  test('lets an upload start a task, and deletes what let it', async () => {
    const wake = { wake: 'event', wakeTasks: 2, schedule: false } as const;
    const woken = await provision(emulator.endpoint, wake);
    const object = { Bucket: woken.sourceBucket, Key: `${woken.sourcePrefix}a.jpg`, Body: 'x' };
    const list = new ListTasksCommand({ cluster: woken.cluster, family: woken.taskFamily });
    const isWoken = async () => (await clients.ecs.send(list)).taskArns?.length === 2;
    // A run on a busy machine may time out. Then the next upload wakes the pipeline.
    for (let waited = 0; !(await isWoken()); waited += 1) {
      if (waited % 50 === 0) await clients.s3.send(new PutObjectCommand(object));
      await delay(100);
    }
    await tearDown(woken);
    await tearDown(woken);
    const { EventSourceMappings } = await clients.lambda.send(
      new ListEventSourceMappingsCommand({}),
    );
    expect(EventSourceMappings).toEqual([]);
    const { QueueUrls = [] } = await clients.sqs.send(new ListQueuesCommand({}));
    expect(QueueUrls.filter((url) => url.includes('wake'))).toEqual([]);
    const gone = callEvents(emulator.endpoint, 'PutTargets', { Rule: woken.wakeUps?.rule });
    await expect(gone).rejects.toThrow(/PutTargets was refused: .*does not exist/s);
  }, 60_000);
});

const workload = { name: DEFAULT_WORKLOAD, recipe: recipeOf(DEFAULT_WORKLOAD) };
const names = namesOf('0a1b2c3d');
const queues = {
  queueUrl: 'http://127.0.0.1:4566/123456789012/work',
  deadLetterQueueUrl: 'http://127.0.0.1:4566/123456789012/dead-letters',
  accountId: '123456789012',
};

describe('workerVariables', () => {
  test('fills what the worker reads', () => {
    const variables = {
      ...awsEnvironment('http://127.0.0.1:4566'),
      ...workerVariables(names, queues, LOCAL_DEFAULTS),
    };
    expect(readWorkerEnvironment(workload, variables)).toMatchObject({
      queueUrl: queues.queueUrl,
      deadLetterQueueUrl: queues.deadLetterQueueUrl,
      sourceBucket: names.sourceBucket,
      destinationBucket: names.destinationBucket,
      expectedBucketOwner: '123456789012',
      idleExitSeconds: 3,
      jobConcurrency: 4,
      memoryLimitMiB: 2048,
      recipe: LOCAL_DEFAULTS.recipe,
      metricDimensions: { environment: 'local', pipeline: names.pipeline },
    });
  });

  test('lets further variables win', () => {
    const settings = {
      ...LOCAL_DEFAULTS,
      workerEnvironment: { IDLE_EXIT_SECONDS: '1', MAX_TASK_SECONDS: '60' },
    };
    expect(workerVariables(names, queues, settings)).toMatchObject({
      IDLE_EXIT_SECONDS: '1',
      MAX_TASK_SECONDS: '60',
    });
  });
});

describe('scalerVariables', () => {
  test('fills what the scaler reads', () => {
    expect(
      readScalerEnvironment(scalerVariables(names, queues.queueUrl, LOCAL_DEFAULTS)),
    ).toMatchObject({
      parameterPath: names.parameterPath,
      cluster: names.cluster,
      taskFamily: names.taskFamily,
      containerName: 'worker',
      configured: {
        enabled: true,
        maxTasks: 10,
        jobsPerTask: 25,
        onDemandBase: 2,
        onDemandWeight: 1,
        spotWeight: 4,
      },
    });
  });

  test('sends the scaler to the front before ECS and CloudWatch when there is one', () => {
    const settings = { ...LOCAL_DEFAULTS, ecsEndpoint: 'http://127.0.0.1:1234' };
    const fronts = (chosen: LocalSettings) =>
      Object.entries(scalerVariables(names, queues.queueUrl, chosen)).filter(([name]) =>
        name.startsWith('AWS_ENDPOINT_URL'),
      );
    expect(fronts(settings)).toEqual([
      ['AWS_ENDPOINT_URL_ECS', 'http://127.0.0.1:1234'],
      ['AWS_ENDPOINT_URL_CLOUDWATCH', 'http://127.0.0.1:1234'],
    ]);
    expect(fronts(LOCAL_DEFAULTS)).toEqual([]);
  });
});
