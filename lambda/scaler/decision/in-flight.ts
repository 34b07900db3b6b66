/**
 * Messages that a pipeline may keep in flight: SQS refuses receives of a queue that has 120,000.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MOST_IN_FLIGHT = 100_000;

/** What one task of a pipeline with shards keeps in flight. */
export interface HeldMessages {
  /** Samples of a whole part. */
  readonly samples: number;
  /** Jobs that a task works on at a time. */
  readonly jobsAtATime: number;
}

/** A task that uploads a part already collects the next one. */
const PARTS_OF_A_TASK = 2;

/** Most messages that tasks of a pipeline with shards keep in flight. */
export function inFlightOf(tasks: number, { samples, jobsAtATime }: HeldMessages): number {
  return PARTS_OF_A_TASK * tasks * (samples + jobsAtATime);
}

/** Most tasks whose parts stay within {@link MOST_IN_FLIGHT}. */
export function mostTasks(held: HeldMessages): number {
  return Math.floor(MOST_IN_FLIGHT / inFlightOf(1, held));
}

/** Most samples of a part with which tasks stay within {@link MOST_IN_FLIGHT}; 0: none do. */
export function mostSamples(tasks: number, jobsAtATime: number): number {
  const perTask = MOST_IN_FLIGHT / (PARTS_OF_A_TASK * tasks);
  return Math.max(0, Math.floor(perTask - jobsAtATime));
}
