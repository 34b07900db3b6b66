import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import type { JobLine } from '../../application-code/worker/src/log-lines';
import { type Clients, createClients } from '../../local/aws/clients';
import { startEcsProxy } from '../../local/fargate/ecs-proxy';
import {
  createTaskRunner,
  type LocalTaskRunner,
  type TaskRunnerOptions,
} from '../../local/fargate/task-runner';
import type { Pipeline } from '../../local/ports';
import { type Minutes, minutesOf } from '../e2e/minutes';
import type { AwsCall } from '../iam/aws-call';
import { type Refuse, startRecordingProxy } from '../iam/recording-proxy';

/** Calls of one run by whoever made them. */
export interface Recording {
  readonly worker: readonly AwsCall[];
  readonly scaler: readonly AwsCall[];
}

/**
 * A deployed pipeline at work: the task runner plays Fargate, and every call of worker and scaler
 * is written down.
 */
export interface RecordedStand extends Minutes {
  readonly runner: LocalTaskRunner;
  readonly jobs: readonly JobLine[];
  /** Where ECS tells the true course of a task. */
  readonly ecsEndpoint: string;
  calls(): Recording;
  close(): Promise<void>;
}

/** As often as the worker's client tries one write. */
const REFUSED_WRITES = 4;
const WORKER = join(__dirname, '..', '..', 'application-code', 'images', 'dist', 'main.js');

/**
 * Nothing of the deployment is changed but the endpoints of the scaler's calls.
 * @param images how a task's image becomes a program; default: the worker's bundle of this
 *   checkout, for all.
 */
export async function openRecordedStand(
  pipeline: Pipeline,
  images: Pick<TaskRunnerOptions, 'programOf' | 'writeLog'> & {
    readonly roundTripMilliseconds?: number;
  } = {},
): Promise<RecordedStand> {
  const proxy = await startEcsProxy(pipeline.endpoint);
  const worker = await startRecordingProxy(
    pipeline.endpoint,
    firstWrites('late.jpg', REFUSED_WRITES),
    images.roundTripMilliseconds,
  );
  const scaler = await startRecordingProxy(pipeline.endpoint);
  const scalerEcs = await startRecordingProxy(proxy.endpoint);
  const clients = createClients(pipeline.endpoint);
  const folder = await mkdtemp(join(tmpdir(), 'spillway-program-'));
  const record = (program: string) => recordedProgram(folder, program, worker.endpoint);
  const programOf = (image: string) => {
    const program = images.programOf ? images.programOf(image) : WORKER;
    return program && record(program);
  };
  await leadScaler(clients, pipeline.scalerFunctionName, {
    AWS_ENDPOINT_URL_SQS: scaler.endpoint,
    AWS_ENDPOINT_URL_SSM: scaler.endpoint,
    AWS_ENDPOINT_URL_EC2: scaler.endpoint,
    AWS_ENDPOINT_URL_ECS: scalerEcs.endpoint,
    QUEUE_URL: `${scaler.endpoint}${new URL(pipeline.queueUrl).pathname}`,
  });
  const jobs: JobLine[] = [];
  const events = { onJob: (line: JobLine) => jobs.push(line) };
  const runner = createTaskRunner({ pipeline, fleet: proxy.fleet, ...images, programOf, events });
  await runner.start();
  return {
    runner,
    jobs,
    ecsEndpoint: proxy.endpoint,
    calls: () => ({ worker: worker.calls(), scaler: [...scaler.calls(), ...scalerEcs.calls()] }),
    ...minutesOf(pipeline, runner, clients.sqs),
    close: async () => {
      await runner.stop();
      await Promise.all([proxy, worker, scaler, scalerEcs].map((server) => server.stop()));
      clients.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Refuses the first writes of a rendition, so that its job fails for now and is given back. */
function firstWrites(name: string, count: number): Refuse {
  let left = count;
  return ({ method, path }) => method === 'PUT' && path.includes(name) && left-- > 0;
}

/**
 * A worker's bundle with another endpoint. The SDK follows the host of a queue's URL, so that one
 * changes, too.
 */
function recordedProgram(folder: string, program: string, endpoint: string): string {
  const file = join(
    folder,
    `${createHash('sha256').update(program).digest('hex').slice(0, 16)}.js`,
  );
  writeFileSync(
    file,
    `
    process.env.AWS_ENDPOINT_URL = '${endpoint}';
    for (const name of ['QUEUE_URL', 'DEAD_LETTER_QUEUE_URL']) {
      process.env[name] = '${endpoint}' + new URL(process.env[name]).pathname;
    }
    require('${program}');
  `,
  );
  return file;
}

async function leadScaler(
  { lambda }: Clients,
  FunctionName: string,
  variables: Record<string, string>,
) {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = { ...Environment?.Variables, ...variables };
  await lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
  );
}
