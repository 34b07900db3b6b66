import type { QueueDepth } from '../ports';

/**
 * Messages that a pipeline may keep in flight: SQS refuses receives of a queue that has 120,000.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MOST_IN_FLIGHT = 100_000;

/** What one task of a pipeline keeps in flight. */
export interface HeldMessages {
  /** Samples of a whole part; 0: it acknowledges each message by itself. */
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

/** Most samples of a part with which tasks stay within {@link MOST_IN_FLIGHT}; 0: none do. */
export function mostSamples(tasks: number, jobsAtATime: number): number {
  const perTask = MOST_IN_FLIGHT / (PARTS_OF_A_TASK * tasks);
  return Math.max(0, Math.floor(perTask - jobsAtATime));
}

/**
 * What is wrong with a maximum of tasks, to follow its name; undefined when nothing is, as without
 * samples.
 */
export function maxTasksFault(maxTasks: number, held: HeldMessages): string | undefined {
  const { samples, jobsAtATime } = held;
  const isTooMany = samples > 0 && inFlightOf(maxTasks, held) > MOST_IN_FLIGHT;
  if (!isTooMany) return undefined;
  const most = Math.floor(MOST_IN_FLIGHT / inFlightOf(1, held));
  return (
    `must be at most ${most} with ${samples} samples a part and ${jobsAtATime} jobs at a time, ` +
    `so that 2 × ${most} × (${samples} + ${jobsAtATime}) messages in flight are at most ` +
    `${MOST_IN_FLIGHT}, but ${maxTasks} was given`
  );
}

/**
 * The part of a queue that is work. Samples that wait for their part are in flight until it is
 * written, and keep no task busy: of a pipeline with shards at most as many count as its running
 * tasks work on.
 */
export function workOf(queue: QueueDepth, running: number, held: HeldMessages): QueueDepth {
  if (held.samples === 0) return queue;
  return { ...queue, inFlight: Math.min(queue.inFlight, running * held.jobsAtATime) };
}
