import { startEcsProxy } from '../../local/ecs/ecs-proxy';
import { startEmulator } from '../../local/emulator/start-emulator';
import { awsEnvironment } from '../../local/environment';
import type { Pipeline } from '../../local/ports';
import { provision } from '../../local/provision/provision';
import type { ProvisionSettings } from '../../local/provision/settings';
import { type AwsClients, awsClients } from './clients';
import { type Fleet, type Images, startFleet } from './fleet';

/** The whole pipeline on an emulator of its own. */
export interface PipelineUnderTest extends Fleet {
  readonly pipeline: Pipeline;
  readonly clients: AwsClients;
  /** Environment for the `aws` CLI. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** It has no schedule: a test says itself when a minute has passed. */
export async function openPipeline(
  settings: ProvisionSettings = {},
  images: Images = {},
): Promise<PipelineUnderTest> {
  const emulator = await startEmulator();
  const { endpoint } = emulator;
  const ecs = await startEcsProxy(endpoint);
  const where = { schedule: false, ecsEndpoint: ecs.endpoint };
  const pipeline = await provision(endpoint, { ...where, ...settings });
  const clients = awsClients(endpoint);
  const fleet = await startFleet(pipeline, ecs, clients, images);
  return {
    ...fleet,
    pipeline,
    clients,
    environment: awsEnvironment(endpoint),
    close: async () => {
      clients.destroy();
      await fleet.runner.stop();
      await ecs.stop();
      await emulator.stop();
    },
  };
}
