import type { Clock } from '../application-code/worker/src/clock';
import type {
  CanaryQueues,
  CanaryTasks,
  Images,
  Objects,
  Parameters,
  TaskDefinitions,
  TaskLogs,
} from './ports';

/** Everything outside the deployer. */
export interface Surroundings {
  readonly taskDefinitions: TaskDefinitions;
  readonly parameters: Parameters;
  readonly images: Images;
  readonly tasks: CanaryTasks;
  readonly objects: Objects;
  readonly queues: CanaryQueues;
  readonly logs: TaskLogs;
  readonly clock: Clock;
  /** A name that no run had before: letters, digits and hyphens, at most 40. */
  readonly newRunId: () => string;
  /** A line for whoever reads the build's log. */
  readonly say: (line: string) => void;
  /** Aborted when the deploy is to stop. */
  readonly signal: AbortSignal;
}

/** Does something that must not hide the verdict; that it failed is said. */
export async function orWarn(
  { say }: Pick<Surroundings, 'say'>,
  what: string,
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    say(`warning: ${what} failed: ${messageOf(error)}`);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
