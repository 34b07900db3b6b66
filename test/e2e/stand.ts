import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { JobLine } from '../../application-code/worker/src/log-lines';
import { startEmulator } from '../../local/emulator/start-emulator';
import { awsEnvironment, LOCAL_CREDENTIALS } from '../../local/environment';
import { startEcsProxy } from '../../local/fargate/ecs-proxy';
import {
  createTaskRunner,
  type LocalTaskRunner,
  type TaskRunnerOptions,
} from '../../local/fargate/task-runner';
import type { Pipeline } from '../../local/ports';
import { provision } from '../../local/provision/provision';
import type { ProvisionSettings } from '../../local/provision/settings';
import { type Minutes, minutesOf } from './minutes';

/** The whole pipeline on an emulator of its own, with the ends that a test pulls at. */
export interface Stand extends Minutes {
  readonly pipeline: Pipeline;
  readonly runner: LocalTaskRunner;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  /** Every job line so far, of all tasks. */
  readonly jobs: readonly JobLine[];
  /** Environment for the `aws` CLI. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The schedule is left out: a test says itself when a minute has passed. */
export async function openStand(
  settings: ProvisionSettings = {},
  images: Pick<TaskRunnerOptions, 'programOf' | 'writeLog'> = {},
): Promise<Stand> {
  const emulator = await startEmulator();
  const proxy = await startEcsProxy(emulator.endpoint);
  const pipeline = await provision(emulator.endpoint, {
    schedule: false,
    ecsEndpoint: proxy.endpoint,
    ...settings,
  });
  const jobs: JobLine[] = [];
  const runner = createTaskRunner({
    pipeline,
    fleet: proxy.fleet,
    ...images,
    events: { onJob: (line) => jobs.push(line) },
  });
  await runner.start();
  const access = {
    endpoint: emulator.endpoint,
    region: pipeline.region,
    credentials: LOCAL_CREDENTIALS,
  };
  const s3 = new S3Client({ ...access, forcePathStyle: true });
  const sqs = new SQSClient(access);
  return {
    pipeline,
    runner,
    s3,
    sqs,
    jobs,
    environment: awsEnvironment(emulator.endpoint),
    ...minutesOf(pipeline, runner, sqs),
    close: async () => {
      s3.destroy();
      sqs.destroy();
      await runner.stop();
      await proxy.stop();
      await emulator.stop();
    },
  };
}

/** Looks again until it holds; the test's own time-out bounds it. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}
