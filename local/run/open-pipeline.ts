import { recipeOf } from '../../application-code/workloads';
import { LocalModeError } from '../../folder/errors';
import type { ConfiguredPipeline } from '../configured-pipeline';
import { type EcsProxy, startEcsProxy } from '../ecs/ecs-proxy';
import { startEmulator } from '../emulator/start-emulator';
import { useEmulator } from '../emulator/use-emulator';
import { openBuckets, type PipelineBuckets } from '../files/buckets';
import { openQueues, type PipelineQueues } from '../files/queues';
import type { StartOptions } from '../options';
import type { Emulator, Pipeline } from '../ports';
import { provision } from '../provision/provision';
import { taskSizeFor } from '../provision/settings';
import { tearDown } from '../provision/teardown';

/** A pipeline on an emulator, ready for its first object. */
export interface OpenPipeline {
  readonly emulator: Emulator;
  readonly proxy: EcsProxy;
  readonly pipeline: Pipeline;
  readonly buckets: PipelineBuckets;
  readonly queues: PipelineQueues;
}

/** The user asked to stop before anything was uploaded. */
export class StoppedEarly extends Error {
  override readonly name = 'StoppedEarly';
}

interface OpeningParts {
  /** Takes a step for everything that is opened. */
  readonly cleanups: Cleanups;
  readonly stop: AbortSignal;
  readonly print: (text: string) => void;
}

/**
 * Starts an emulator, or uses the one that the user named, and makes the pipeline on it.
 * @throws StoppedEarly once `stop` is aborted; LocalModeError for what the user can fix.
 */
export async function openPipeline(
  options: StartOptions,
  { cleanups, stop, print }: OpeningParts,
): Promise<OpenPipeline> {
  const { endpoint } = options;
  const emulator = await (endpoint === undefined
    ? startEmulator({ onProgress: print })
    : useEmulator(endpoint));
  cleanups.add('The emulator could not be stopped', () => emulator.stop());
  refuseIfStopped(stop);
  const proxy = await startEcsProxy(emulator.endpoint);
  cleanups.add('The ECS proxy could not be stopped', () => proxy.stop());
  const pipeline = await provision(emulator.endpoint, settingsOf(options, proxy.endpoint)).catch(
    (error: unknown) => {
      refuseIfStopped(stop);
      if (Object(error).name === 'TimeoutError') throw silence(emulator);
      // A private emulator that refuses is a defect of ours.
      throw endpoint === undefined ? error : refusal(endpoint, error);
    },
  );
  // A private emulator ends with everything that was made on it.
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
  {
    settings,
    workload,
    recipe,
    destination,
    maxTasks,
    jobsPerTask,
    jobTimeoutSeconds,
    maxAttempts,
  }: StartOptions,
  ecsEndpoint: string,
) {
  return {
    ...(settings ?? taskSizeFor(recipeOf(workload).jobSize)),
    ...(settings && { scaling: withoutJobsPerTask(settings.scaling) }),
    ecsEndpoint,
    workload,
    recipe,
    destination,
    maxTasks,
    jobsPerTask,
    jobTimeoutSeconds,
    maxAttempts,
  };
}

/** How many jobs justify a task is the run's own, which pays for no minute of one. */
function withoutJobsPerTask(scaling: ConfiguredPipeline['scaling']): ConfiguredPipeline['scaling'] {
  return scaling.policy === 'jobs-per-task' ? { ...scaling, jobsPerTask: null } : scaling;
}

function silence({ endpoint }: Emulator): LocalModeError {
  return new LocalModeError(
    `The AWS emulator at ${endpoint} takes connections but does not answer: ` +
      'end it and start again, or leave --endpoint out to start a private one.',
  );
}

function refusal(endpoint: string, error: unknown): LocalModeError {
  const why = error instanceof Error ? error.message : String(error);
  return new LocalModeError(
    `The pipeline could not be made at ${endpoint} (${why}): ` +
      'name an AWS emulator with --endpoint, or leave it out to start a private one.',
    { cause: error },
  );
}

function refuseIfStopped(stop: AbortSignal): void {
  if (stop.aborted) throw new StoppedEarly();
}

/** The steps that end a run, however it ends: the last thing made is undone first. */
export class Cleanups {
  private readonly steps: { readonly what: string; readonly undo: () => unknown }[] = [];

  /** @param what the sentence that reports a failure of this step, up to its colon. */
  add(what: string, undo: () => unknown): void {
    this.steps.push({ what, undo });
  }

  /**
   * Undoes everything. A step that fails does not stop the others.
   * @returns a sentence for each failure.
   */
  async run(): Promise<string[]> {
    const failures: string[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step.undo();
      } catch (error) {
        failures.push(`${step.what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return failures;
  }
}
