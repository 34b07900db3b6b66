import { S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { JobLine } from '../../application-code/worker/src/log-lines';
import { startEmulator } from '../../local/emulator/start-emulator';
import { awsEnvironment, LOCAL_CREDENTIALS } from '../../local/environment';
import { startEcsFront } from '../../local/fargate/ecs-front';
import { createTaskRunner, type LocalTaskRunner } from '../../local/fargate/task-runner';
import type { Pipeline } from '../../local/ports';
import { invokeScaler } from '../../local/provision/invoke-scaler';
import { provision } from '../../local/provision/provision';
import type { ProvisionSettings } from '../../local/provision/settings';

/** The whole pipeline on an emulator of its own, with the ends that a test pulls at. */
export interface Stand {
  readonly pipeline: Pipeline;
  readonly runner: LocalTaskRunner;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  /** Every job line so far, of all tasks. */
  readonly jobs: readonly JobLine[];
  /** Environment for the `aws` CLI. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs the scaler as if a minute had passed since the last time. */
  scale(): Promise<unknown>;
  /** Waits until nothing is visible, in flight or delayed and every task has stopped; scales meanwhile. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const MINUTE = 60_000;
const PAUSE = 1_000;
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** The schedule is left out: a test says itself when a minute has passed. */
export async function openStand(settings: ProvisionSettings = {}): Promise<Stand> {
  const emulator = await startEmulator();
  const front = await startEcsFront(emulator.endpoint);
  const pipeline = await provision(emulator.endpoint, {
    schedule: false,
    ecsEndpoint: front.endpoint,
    ...settings,
  });
  const jobs: JobLine[] = [];
  const runner = createTaskRunner({
    pipeline,
    fleet: front.fleet,
    events: { onJob: (line) => jobs.push(line) },
  });
  await runner.start();
  const access = { endpoint: emulator.endpoint, region: pipeline.region, credentials: LOCAL_CREDENTIALS };
  const s3 = new S3Client({ ...access, forcePathStyle: true });
  const sqs = new SQSClient(access);
  let now = Date.now();
  const scale = () => {
    now += MINUTE;
    return invokeScaler(pipeline, new Date(now));
  };
  return {
    pipeline,
    runner,
    s3,
    sqs,
    jobs,
    environment: awsEnvironment(emulator.endpoint),
    scale,
    quiet: async () => {
      while (!(await isQuiet(sqs, pipeline, runner))) {
        await scale();
        await pause();
      }
    },
    close: async () => {
      s3.destroy();
      sqs.destroy();
      await runner.stop();
      await front.stop();
      await emulator.stop();
    },
  };
}

/** Looks again until it holds; the test's own time-out bounds it. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(100);
}

function pause(milliseconds = PAUSE): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Approximate counts of one queue: visible, not visible and delayed messages together. */
export async function messagesIn(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTS] }),
  );
  return COUNTS.map((name) => Number(Attributes[name])).reduce((sum, count) => sum + count, 0);
}

async function isQuiet(sqs: SQSClient, pipeline: Pipeline, runner: LocalTaskRunner): Promise<boolean> {
  const stopped = runner.tasks().every((task) => task.lastStatus === 'STOPPED');
  return stopped && (await messagesIn(sqs, pipeline.queueUrl)) === 0;
}
