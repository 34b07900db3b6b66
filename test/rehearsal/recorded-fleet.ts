import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEcsProxy } from '../../local/ecs/ecs-proxy';
import { createTaskRunner } from '../../local/fargate/task-runner';
import type { Pipeline } from '../../local/ports';
import { awsClients } from '../emulator/clients';
import { type Fleet, type Images, leadScaler, programBehind, startFleet } from '../emulator/fleet';
import type { AwsCall } from '../iam/aws-call';
import { type Refuse, startRecordingProxy } from '../iam/recording-proxy';

/** Calls of one run by their callers. */
export interface Recording {
  readonly worker: readonly AwsCall[];
  readonly scaler: readonly AwsCall[];
}

/** The fleet of a deployed pipeline; every call of worker and scaler is recorded. */
export interface RecordedFleet extends Fleet {
  /** Where ECS shows the true course of a task. */
  readonly ecsEndpoint: string;
  calls(): Recording;
  close(): Promise<void>;
}

/** The worker's client tries one write as often. */
const REFUSED_WRITES = 4;
const WORKER = join(__dirname, '..', '..', 'application-code', 'images', 'dist', 'main.js');

export interface FleetOptions extends Images {
  readonly roundTripMilliseconds?: number;
  /** Families of task definitions of other pipelines, whose tasks run, too. */
  readonly furtherFamilies?: readonly string[];
}

/** Nothing of the deployment changes but the endpoints of the scaler's calls. */
export async function openRecordedFleet(
  pipeline: Pipeline,
  images: FleetOptions = {},
): Promise<RecordedFleet> {
  const ecs = await startEcsProxy(pipeline.endpoint);
  const refuse = firstWrites('late.jpg', REFUSED_WRITES);
  const options = { refuse, roundTripMilliseconds: images.roundTripMilliseconds };
  const worker = await startRecordingProxy(pipeline.endpoint, options);
  const scaler = await startRecordingProxy(pipeline.endpoint);
  const scalerEcs = await startRecordingProxy(ecs.endpoint);
  const clients = awsClients(pipeline.endpoint);
  const folder = await mkdtemp(join(tmpdir(), 'spillway-program-'));
  const programOf = (image: string) => {
    const program = images.programOf ? images.programOf(image) : WORKER;
    return program && recordedProgram(folder, program, worker.endpoint);
  };
  const { endpoint } = scaler;
  const endpoints = { endpoint, ecsEndpoint: scalerEcs.endpoint };
  await leadScaler(clients, pipeline, endpoints, { AWS_ENDPOINT_URL_EC2: endpoint });
  const fleet = await startFleet(pipeline, ecs, clients, { ...images, programOf });
  const others = (images.furtherFamilies ?? []).map((taskFamily) =>
    createTaskRunner({
      ...images,
      pipeline: { ...pipeline, taskFamily },
      fleet: ecs.fleet,
      programOf,
    }),
  );
  for (const runner of others) await runner.start();
  return {
    ...fleet,
    ecsEndpoint: ecs.endpoint,
    calls: () => ({ worker: worker.calls(), scaler: [...scaler.calls(), ...scalerEcs.calls()] }),
    close: async () => {
      for (const runner of [fleet.runner, ...others]) await runner.stop();
      await Promise.all([ecs, worker, scaler, scalerEcs].map((server) => server.stop()));
      clients.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Refuses the first writes of a rendition, so that its job fails for now and is released. */
function firstWrites(name: string, count: number): Refuse {
  let left = count;
  return ({ method, path }) => method === 'PUT' && path.includes(name) && left-- > 0;
}

function recordedProgram(folder: string, program: string, endpoint: string): string {
  const name = createHash('sha256').update(program).digest('hex').slice(0, 16);
  const file = join(folder, `${name}.js`);
  writeFileSync(file, programBehind(endpoint, program));
  return file;
}
