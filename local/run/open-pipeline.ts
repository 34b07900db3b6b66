import { LocalModeError } from '../../folder/folder-error';
import { startEmulator } from '../emulator/start-emulator';
import { useEmulator } from '../emulator/use-emulator';
import { type EcsProxy, startEcsProxy } from '../fargate/ecs-proxy';
import { type Buckets, openBuckets } from '../files/buckets';
import { openQueues, type Queues } from '../files/queues';
import type { StartOptions } from '../options';
import type { Emulator, Pipeline } from '../ports';
import { provision } from '../provision/provision';
import { tearDown } from '../provision/teardown';
import type { Cleanups } from './cleanups';

/** A pipeline on an emulator, ready for its first object. */
export interface OpenPipeline {
  readonly emulator: Emulator;
  readonly proxy: EcsProxy;
  readonly pipeline: Pipeline;
  readonly buckets: Buckets;
  readonly queues: Queues;
}

/** A user asked to stop before anything was uploaded. */
export class StoppedEarly extends Error {
  override readonly name = 'StoppedEarly';
}

/**
 * Starts an emulator, or takes the one that was named, and makes the pipeline on it.
 * @throws StoppedEarly once `stop` is aborted; LocalModeError for what the user can mend.
 */
export async function openPipeline(
  options: StartOptions,
  cleanups: Cleanups,
  stop: AbortSignal,
  say: (sentence: string) => void,
): Promise<OpenPipeline> {
  const { endpoint } = options;
  const emulator = await (endpoint === undefined
    ? startEmulator({ onProgress: say })
    : useEmulator(endpoint));
  cleanups.add('The emulator could not be stopped', () => emulator.stop());
  refuseIfStopped(stop);
  const proxy = await startEcsProxy(emulator.endpoint);
  cleanups.add('The ECS proxy could not be stopped', () => proxy.stop());
  const pipeline = await provision(emulator.endpoint, settingsOf(options, proxy.endpoint)).catch(
    (error: unknown) => {
      refuseIfStopped(stop);
      if (Object(error).name === 'TimeoutError') throw silence(emulator);
      // One of our own that refuses is a defect of ours.
      throw endpoint === undefined ? error : refusal(endpoint, error);
    },
  );
  /** An emulator of our own takes all of it along. */
  if (endpoint !== undefined)
    cleanups.add(`Something was left at ${endpoint}`, () => tearDown(pipeline));
  const buckets = openBuckets(pipeline);
  const queues = openQueues(pipeline);
  cleanups.add('The connections could not be closed', () => {
    buckets.close();
    queues.close();
  });
  refuseIfStopped(stop);
  return { emulator, proxy, pipeline, buckets, queues };
}

function settingsOf(
  { workload, recipe, maxTasks, jobsPerTask }: StartOptions,
  ecsEndpoint: string,
) {
  return {
    ecsEndpoint,
    workload,
    recipe,
    maxTasks,
    jobsPerTask,
  };
}

function silence({ endpoint }: Emulator): LocalModeError {
  return new LocalModeError(
    `The AWS emulator at ${endpoint} takes connections but does not answer: end it and start again, or leave --endpoint out and a private one is started.`,
  );
}

function refusal(endpoint: string, error: unknown): LocalModeError {
  return new LocalModeError(
    `The pipeline could not be made at ${endpoint} (${error instanceof Error ? error.message : String(error)}): name an AWS emulator with --endpoint, or leave it out and a private one is started.`,
    { cause: error },
  );
}

function refuseIfStopped(stop: AbortSignal): void {
  if (stop.aborted) throw new StoppedEarly();
}
