import type { Pipeline, TaskRunner, TaskRunnerEvents } from '../ports';
import type { Fleet } from './fleet';

export interface TaskRunnerOptions {
  readonly pipeline: Pipeline;
  /** From `startEcsFront`. */
  readonly fleet: Fleet;
  readonly events?: Partial<TaskRunnerEvents>;
  /** The program of a task; default: the worker's bundle. Tests give a small stand-in. */
  readonly program?: string;
}

/** The task runner with what tests need to break things. */
export interface LocalTaskRunner extends TaskRunner {
  /** Sends a signal to a task's process, as if it crashed or ran out of memory. */
  killTask(taskArn: string, signal: NodeJS.Signals): void;
  /** Takes a task's Spot capacity away: SIGTERM, and SIGKILL two minutes later. */
  reclaimSpot(taskArn: string): void;
  /** SIGKILL to every task, without a drain: for the second Ctrl-C. `stop` is then quick. */
  killAll(): void;
}

/**
 * Plays Fargate for one pipeline. The order of a run, and backwards at its end:
 *
 *     const emulator = await startEmulator();
 *     const front = await startEcsFront(emulator.endpoint);
 *     const pipeline = await provision(emulator.endpoint, { ecsEndpoint: front.endpoint });
 *     const runner = createTaskRunner({ pipeline, fleet: front.fleet, events });
 *     await runner.start();
 *     …
 *     await runner.stop();
 *     await front.stop();
 *     await emulator.stop();
 */
export function createTaskRunner(_options: TaskRunnerOptions): LocalTaskRunner {
  throw new Error('not built yet');
}
